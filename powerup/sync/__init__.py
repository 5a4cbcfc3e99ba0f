"""Everything that comes in: forums read by cursor, webhooks worked on, addresses and cards looked up."""
