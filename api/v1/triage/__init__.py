"""Triage: the queue, what happens in it, and what is decided there; one file a resource."""
