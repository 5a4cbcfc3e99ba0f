"""What an admin entered for a mailbox, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from powerup.errors import InvalidError
from powerup.integrations.errors import RejectedError
from powerup.integrations.forums.base import CredentialField, ForumConfig

SECURITIES = ("tls", "starttls", "plain")
_IMAP_PORTS = {"tls": 993, "starttls": 143, "plain": 143}
_SMTP_PORTS = {"tls": 465, "starttls": 587, "plain": 587}
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]{2,45}\]?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

FIELDS: tuple[CredentialField, ...] = (
    CredentialField("imap_host", "IMAP server", False, "Such as imap.example.org: where the mailbox is read.", required=True, place=True),
    CredentialField("imap_security", "IMAP encryption", False, "tls unless your provider says otherwise.", choices=SECURITIES, place=True),
    CredentialField("imap_port", "IMAP port", False, "Empty: 993 for tls, 143 otherwise.", place=True),
    CredentialField("username", "User name", False, "Empty: the mailbox's address."),
    CredentialField("password", "Password", True, "Of the mailbox; an app password where the provider has them.", required=True),
    CredentialField(
        "smtp_host", "SMTP server", False, "Such as smtp.example.org: where replies are sent from. Empty: we only read.", place=True
    ),
    CredentialField("smtp_security", "SMTP encryption", False, "tls unless your provider says otherwise.", choices=SECURITIES, place=True),
    CredentialField("smtp_port", "SMTP port", False, "Empty: 465 for tls, 587 otherwise.", place=True),
    CredentialField("from_name", "Sender's name", False, "Customers see it beside the address, such as Northwind Support."),
    CredentialField("aliases", "Our other addresses", False, "Further addresses that are this mailbox, comma-separated."),
    CredentialField(
        "folders", "Folders with customers' mails", False, "Comma-separated. Empty: INBOX. Name the archive too if you use one."
    ),
    CredentialField("sent_folder", "Folder of sent mails", False, "Empty: we ask the server."),
    CredentialField(
        "sent_copies",
        "Copies of replies",
        False,
        "ours: we put a copy into the folder of sent mails. server: the mail server does that itself (Gmail, Microsoft).",
        choices=("ours", "server"),
    ),
    CredentialField(
        "words",
        "Mails' words outside",
        False,
        "hidden: cards and channels show no words of a mail, which is private by its nature. shown: they do.",
        choices=("hidden", "shown"),
    ),
    CredentialField(
        "authserv_id",
        "Name in Authentication-Results",
        False,
        "What your mail server writes first in that header, such as mx.google.com. Who it proves is believed. Empty: everybody.",
    ),
    CredentialField(
        "link",
        "Address of a mail on the web",
        False,
        "Where people open a thread, with {message_id} in it. Empty: a page of Closeloop's own.",
    ),
)


@dataclass(frozen=True, slots=True)
class Server:
    """Where to connect. `security`: `tls` from the first byte, `starttls`, or `plain`."""

    host: str
    port: int
    security: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One support mailbox. Holds the password: never log or repr this."""

    address: str
    imap: Server
    smtp: Server | None
    username: str
    password: str = field(repr=False)
    from_name: str
    aliases: frozenset[str]
    """Every address that is ours, the mailbox's own among them; lower case."""
    folders: tuple[str, ...]
    sent_folder: str
    server_keeps_copies: bool
    private: bool
    authserv_id: str
    link: str
    home: str

    @classmethod
    def of(cls, config: ForumConfig) -> Self:
        """Read the settings; raises RejectedError naming what is wrong in plain words."""
        given, address = config.credentials, address_in(config.base_url)
        if any(_CONTROL.search(value) for value in given.values()):
            raise _unusable("A setting of the mailbox holds a line break or another sign that cannot be sent. Enter it again.")
        if not given.get("password"):
            raise _unusable("A mailbox cannot be read without its password.")
        imap = _server(given, "imap", _IMAP_PORTS)
        if imap is None:
            raise _unusable("Enter the mailbox's IMAP server.")
        return cls(
            address=address,
            imap=imap,
            smtp=_server(given, "smtp", _SMTP_PORTS),
            username=given.get("username", "").strip() or address,
            password=given["password"],
            from_name=" ".join(given.get("from_name", "").split())[:100],
            aliases=frozenset({address, *(name.lower() for name in _listed(given.get("aliases", "")))}),
            folders=tuple(dict.fromkeys(_listed(given.get("folders", "")))) or ("INBOX",),
            sent_folder=given.get("sent_folder", "").strip(),
            server_keeps_copies=_choice(given, "sent_copies", ("ours", "server")) == "server",
            private=_choice(given, "words", ("hidden", "shown")) == "hidden",
            authserv_id=given.get("authserv_id", "").strip().lower(),
            link=given.get("link", "").strip(),
            home=config.home.rstrip("/"),
        )


def address_in(stored: str) -> str:
    """The address in a stored `mailto:` URL; raises RejectedError unless it is one."""
    address = stored.removeprefix("mailto:")
    if not _ADDRESS.fullmatch(address):
        raise _unusable("The mailbox's address is not an e-mail address such as support@example.org.")
    return address.lower()


def stored_address(given: str) -> str:
    """What is stored for the address that an admin entered; raises InvalidError for what is no e-mail address."""
    address = given.strip().removeprefix("mailto:").lower()
    if not _ADDRESS.fullmatch(address) or ".." in address:
        wanted = "must be an e-mail address such as support@example.org"
        raise InvalidError("This is no e-mail address.", errors=[{"field": "base_url", "message": wanted}])
    return f"mailto:{address}"


def _server(given: Mapping[str, str], protocol: str, ports: Mapping[str, int]) -> Server | None:
    host = given.get(f"{protocol}_host", "").strip()
    if not host:
        return None
    security, port = _choice(given, f"{protocol}_security", SECURITIES), given.get(f"{protocol}_port", "").strip()
    if not _HOST.fullmatch(host):
        raise _unusable(f"The {protocol.upper()} server is not a host name such as mail.example.org.")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise _unusable(f"The {protocol.upper()} port is not a number between 1 and 65535.")
    return Server(host.strip("[]"), int(port) if port else ports[security], security)


def _choice(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = given.get(name, "").strip().lower() or choices[0]
    if value not in choices:
        raise _unusable(f"The mailbox's setting “{name}” is none of: {', '.join(choices)}.")
    return value


def _listed(value: str) -> list[str]:
    return [name for part in value.split(",") if (name := part.strip())]


def _unusable(why: str) -> RejectedError:
    return RejectedError(why, permanent=True, sent=False)
