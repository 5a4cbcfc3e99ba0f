"""Everything that Closeloop knows of Trello: its REST API, who looks at a board, and what it reports."""
