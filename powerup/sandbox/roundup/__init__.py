"""A Roundup tracker to try things on."""
