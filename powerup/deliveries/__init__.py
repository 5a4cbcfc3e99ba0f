"""Outgoing effects: an outbox row becomes a vendor's call and an outcome. One file a kind; `registry` names them all."""
