"""Foreign HTML made fit to be shown, and text made out of it."""

from powerup.render.clean import sanitise
from powerup.render.text import excerpt, plain_text

__all__ = ["excerpt", "plain_text", "sanitise"]
