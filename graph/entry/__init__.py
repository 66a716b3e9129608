"""Joining and changing data at a till and in a web shop."""
