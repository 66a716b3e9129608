"""Tiers in time: what a member's history says, what keeps a tier, and tiers given by hand."""
