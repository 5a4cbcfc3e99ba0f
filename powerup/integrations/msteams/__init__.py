"""Everything that Closeloop knows of Microsoft Teams: posting into a channel through a workflow's webhook."""
