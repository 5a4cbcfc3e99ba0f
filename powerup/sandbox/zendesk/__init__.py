"""A Zendesk to play with. It speaks as the vendor's documentation says; no recordings of a real one were to be had."""
