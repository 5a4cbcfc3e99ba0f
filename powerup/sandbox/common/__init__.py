"""What the Trello, forum and Slack doubles share: a threaded server, faults on demand, counted requests."""
