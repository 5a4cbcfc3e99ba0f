"""A NodeBB 4 as far as the adapter and the demo need it, traps included."""

from powerup.sandbox.nodebb.double import NodeBBDouble

__all__ = ["NodeBBDouble"]
