"""Forum adapters, one module each, behind `base.Forum`."""
