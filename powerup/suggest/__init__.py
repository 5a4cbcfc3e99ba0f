"""Who should own a thread: learnt online from past assignments, explained by the words that speak for it. Pure Python, no I/O."""
