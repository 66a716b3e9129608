"""Tiers in time: read as of a moment, given by hand, ended by the clock."""
