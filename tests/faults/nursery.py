"""Starts workers quickly: a process that has imported the command once and forks for each.

Each child runs `closeloop worker` as the command does, in a process of its own that can be killed. Reads names from standard
input, a line each; answers with the child's process id.
"""

import os
import signal
import sys

from powerup.cli import main, work

READ_IN = work
"""Before anything is forked: the command itself reads in its part when it is called."""


def serve() -> None:
    """Until standard input ends; then every child ends too."""
    signal.signal(signal.SIGCHLD, _bury)
    children: list[int] = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _work(line.strip())
        children.append(child)
        print(child, flush=True)
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _bury(_number: int, _frame: object) -> None:
    """Take note of the dead, so that whoever asks sees them gone."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            continue
    except ChildProcessError:
        return


def _work(name: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(2, 1)
        status = main(["worker", "--name", name])
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve()
