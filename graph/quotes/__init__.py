"""Prices before money is taken."""
