"""Closeloop: from a customer's thread to a card, and back to the customer when the cause is fixed."""

__version__ = "0.1.0"
