"""Pages for people: look at the desk as a customer or as staff, write as either. They work without script."""

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from powerup.sandbox.desk.double import DeskDouble


def install(app: Flask, double: "DeskDouble") -> None:
    """Give `app` its pages."""
