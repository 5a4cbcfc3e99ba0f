"""A local Tender Support site: its API as recorded and documented, with its traps."""
