"""How fast a forum is asked: additive increase, multiplicative decrease, as TCP does it. No I/O.

The pace is the pause between two threads, in seconds, kept with the forum and shared by polls, webhooks and back-fill. While a forum
never complains it is 0. Each "slow down" (429 and its like) doubles the pause, to at least FIRST and at most LONGEST; each thread
that is read without complaint lets us ask GAIN threads a second more.
"""

FIRST = 0.5
LONGEST = 60.0
GAIN = 0.02
_NONE = 0.02
"""A pause this short is none."""


def slower(pace: float) -> float:
    """After the forum asked us to slow down."""
    return min(max(pace * 2, FIRST), LONGEST)


def quicker(pace: float) -> float:
    """After a thread was read without complaint."""
    eased = pace / (1 + GAIN * pace)
    return eased if eased > _NONE else 0.0


def rest_after(took: float, pace: float) -> float:
    """How long history waits after a thread that took so long: at least as long as the forum worked for us, so that it has half of
    its time for others, and a forum that is slow today is asked less."""
    return min(max(pace, took), LONGEST)
