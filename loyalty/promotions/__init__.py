"""Campaigns: what they ask for, what they give, and the one pass that applies them to a priced basket."""
