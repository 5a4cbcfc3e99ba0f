"""Trello's REST API, `/1/...`, one file a noun; shapes as in Trello's OpenAPI document."""
