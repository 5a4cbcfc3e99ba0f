"""The tests; they mirror the rooms. Shared things: `helpers` (waiting, processes), `cast` (who is who), `fixtures/`."""
