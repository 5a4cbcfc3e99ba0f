"""The stand-up digest: what a team should look at this morning, to its channel and as a page."""
