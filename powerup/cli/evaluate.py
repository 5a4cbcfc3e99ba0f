"""`closeloop eval`: how good are the suggestions, on data sets that are not part of Closeloop?"""

import sys
from argparse import Namespace, _SubParsersAction
from pathlib import Path
from typing import Any

from powerup.suggest.evaluation import MEASURED
from powerup.suggest.evaluation.datasets import DatasetError, check, missing
from powerup.suggest.evaluation.figures import table


def add_to(commands: "_SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = commands.add_parser("eval", help="measure how good the suggestions are, on data sets in a folder")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="where NAME.train.jsonl and NAME.PART.jsonl lie")
    parser.add_argument("--part", default="test", metavar="NAME", help="the part to be asked about (default: test)")
    parser.add_argument("--strict", action="store_true", help="end with status 1 when a goal is missed")
    parser.set_defaults(run=evaluate)


def evaluate(arguments: Namespace) -> int:
    """Learn the train parts, ask about another part, print a table."""
    try:
        check(arguments.data, arguments.part)
        figures = [figure for measure in MEASURED for figure in measure(arguments.data, arguments.part)]
    except DatasetError as error:
        print(f"closeloop: {error}", file=sys.stderr)
        return 2
    for name in missing(arguments.data, arguments.part):
        print(f"{name}: left out, its parts train and {arguments.part} are not both in {arguments.data}")
    print(table(figures))
    missed = [figure for figure in figures if figure.goal_missed]
    print(f"\n{len(missed)} of {sum(figure.goal is not None for figure in figures)} goals missed.")
    return 1 if missed and arguments.strict else 0
