"""A local Trello, forum and Slack: a product feature (`closeloop demo`) and the double of the tests.

They speak the vendors' real protocols over real HTTP. The product never imports this package and does not know
that it is in a sandbox; only `cli.py` and the tests start it.
"""
