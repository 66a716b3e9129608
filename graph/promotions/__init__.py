"""Campaigns as tills and guests read them."""
