"""Outages, digests and the flight recorder, as pages of their own and in Trello."""
