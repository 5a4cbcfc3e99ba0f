"""Typed settings from the environment; a wrong or missing value stops the start with the exact mend.

Every setting is `CLOSELOOP_` + the field's name in capitals; `docs/settings.md` lists them (a test compares).
"""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""Where `static/` and `templates/` lie."""

Words = Annotated[tuple[str, ...], NoDecode]
"""A comma-separated list."""


class SettingsError(Exception):
    """The environment is not usable; the text says what to set."""


class Settings(BaseSettings):
    """What an installation is told from outside."""

    model_config = SettingsConfigDict(env_prefix="CLOSELOOP_", frozen=True, hide_input_in_errors=True, extra="ignore")

    base_url: str = Field(
        "http://127.0.0.1:8080",
        description="Public address of this installation, without a path: Trello loads the Power-Up from here and sends webhooks here.",
    )
    database_url: str = Field(
        "sqlite:///closeloop.db", repr=False, description="`sqlite:///file.db` or `postgresql://user:password@host/name`."
    )
    secret_key: Words = Field(
        ...,
        repr=False,
        description="Signs session tokens. 32 random characters or more; several, comma-separated, rotate: the first signs, all verify.",
    )
    encryption_key: Words = Field(
        ...,
        repr=False,
        description="Fernet keys that seal credentials in the database (`closeloop key` makes one). Several, comma-separated, rotate: the first seals, all open.",
    )

    trello_plugin_id: str = Field(
        "", description="Id of the Power-Up, from https://trello.com/power-ups/admin. A JWT of any other Power-Up is refused."
    )
    trello_api_key: str = Field("", description="API key of the Power-Up (public).")
    trello_api_secret: SecretStr = Field(SecretStr(""), description="Secret beside the API key; webhooks are verified with it.")
    trello_api_url: str = Field("https://api.trello.com/1", description="Trello's REST API.")
    trello_origin: str = Field(
        "https://trello.com", description="Origin of the page that frames the Power-Up; also where people authorize (`/1/authorize`)."
    )
    trello_client_js: str = Field("https://p.trellocdn.com/power-up.min.js", description="Trello's client library.")
    trello_client_css: str = Field(
        "https://p.trellocdn.com/power-up.min.css", description="Trello's style sheet for Power-Ups; empty for none."
    )

    slack_api_url: str = Field("https://slack.com/api", description="Slack's Web API, by which a workspace's own Slack app posts.")

    cors_origins: Words = Field(
        (), description="Origins that may call /api/* from a browser, comma-separated; the Power-Up's own pages need none."
    )
    private_hosts: Words = Field(
        (), description="`host` or `host:port` of forums on private addresses that may be called, comma-separated."
    )

    session_seconds: int = Field(600, ge=60, le=3600, description="Life of a bearer token.")
    max_body_bytes: int = Field(1_048_576, ge=65_536, description="Largest request body that is read.")
    poll_seconds: int = Field(60, ge=2, description="Pause between two polls of one forum; webhooks make threads arrive sooner.")
    backfill_days: int = Field(
        365,
        ge=0,
        le=36_500,
        description="How many days of history are read when a forum is connected, in the background, newest first; 0 reads none. `closeloop sync --since` reads more at any time.",
    )
    connect_timeout: float = Field(5.0, gt=0, description="Seconds to wait for a connection to a vendor.")
    read_timeout: float = Field(15.0, gt=0, description="Seconds to wait for a vendor's answer.")
    lease_seconds: int = Field(
        300,
        ge=5,
        description="How long a worker may hold a delivery before another may take it; longer than all calls of one delivery together.",
    )
    retry_base_seconds: float = Field(
        5.0, gt=0, description="First pause before a failed delivery is tried again; doubles each time, with jitter."
    )
    max_attempts: int = Field(10, ge=1, description="Tries before a delivery is given up and shown as failed.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_json: bool = Field(False, description="One JSON object a line instead of readable text.")

    @field_validator("secret_key", "encryption_key", "cors_origins", "private_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value

    @field_validator("base_url", "trello_api_url", "trello_origin", "slack_api_url")
    @classmethod
    def _http_url(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc:
            raise ValueError("must be a full address such as https://closeloop.example.org")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or any(len(key) < 32 for key in value):
            raise ValueError("needs 32 characters or more; make one with: openssl rand -hex 32")
        return value

    @field_validator("encryption_key")
    @classmethod
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("needs a key; make one with: closeloop key")
        return value

    @model_validator(mode="after")
    def _leases_outlive_calls(self) -> Self:
        if self.lease_seconds <= self.connect_timeout + self.read_timeout:
            raise ValueError("CLOSELOOP_LEASE_SECONDS must be longer than connect and read timeout together")
        return self

    @cached_property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def load() -> Settings:
    """Read the environment; raises SettingsError whose text names each variable and its mend (never its value)."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [_line(item["loc"], item["msg"]) for item in error.errors(include_input=False, include_url=False)]
        raise SettingsError("Settings are not usable:\n" + "\n".join(lines)) from None


def _line(place: tuple[int | str, ...], message: str) -> str:
    name = f"CLOSELOOP_{str(place[0]).upper()}" if place else "settings"
    return f"  {name}: {message.removeprefix('Value error, ')}"
