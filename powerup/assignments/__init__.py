"""Whose a ticket is: assignments to teams and people, with history; and the decisions that set a thread aside."""
