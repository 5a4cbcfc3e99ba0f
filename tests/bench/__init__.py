"""`make bench`: what the badge request costs beside the same SQL by hand, and beside a request for each card."""
