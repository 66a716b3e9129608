"""Joining, signing in, and what a member sees of himself."""
