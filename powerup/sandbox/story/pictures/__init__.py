"""The screenshots that customers attach: drawn for this story, no real person's or product's."""

from importlib import resources

PICTURES = {
    f"story/{name}.png": ("image/png", (resources.files(__package__) / f"{name}.png").read_bytes())
    for name in ("timeout", "dashboard", "agent", "signin")
}
"""Path below a forum's uploads -> content type and bytes."""
