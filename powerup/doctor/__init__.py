"""Looks at an installation and its forums step by step, and says in plain words what is missing and how to mend it."""
