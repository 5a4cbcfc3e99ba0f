"""A support mailbox, read by IMAP and answered by SMTP."""

from powerup.integrations.forums.email.adapter import Email

__all__ = ["Email"]
