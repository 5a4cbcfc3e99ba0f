"""What the sandbox's help desks have in common: people, threads, pages, webhooks. Each kind adds the API that its vendor speaks."""
