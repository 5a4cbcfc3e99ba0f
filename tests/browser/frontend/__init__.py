"""The modules under static/, run in a real browser."""
