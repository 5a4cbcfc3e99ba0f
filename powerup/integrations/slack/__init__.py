"""Everything that Closeloop knows of Slack: posting into a channel through an incoming webhook."""
