"""Outage mode: one problem, many customers at once. One master card, a holding reply, promised news, an all-clear."""
