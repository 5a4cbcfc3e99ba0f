"""Helpers of the Makefile; the product imports none of them."""
