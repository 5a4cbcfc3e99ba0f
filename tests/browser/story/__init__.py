"""The demo, used by a person: every page in a real browser, every server a real process."""
