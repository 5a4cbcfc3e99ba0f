"""A local forum that answers as Discourse does: the demo's forum and the tests' double. Start at `double.py`."""
