"""Codes, phones and what a member wants by which channel."""
