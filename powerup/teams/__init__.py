"""Who owns what: teams, their areas with keywords, their people. Read from an `Ownership` board, or entered in the settings."""
