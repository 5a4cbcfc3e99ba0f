"""The demo's story: Northwind Deploy, an invented deployment tool, its customers' overnight backlog and its team's boards.

Nothing here is random: the same moment gives the same story, so tests and screenshots can rely on it.
"""
