"""A mail server of the sandbox's own: IMAP and SMTP over the desk's store."""

from powerup.sandbox.mail.double import MailDouble

__all__ = ["MailDouble"]
