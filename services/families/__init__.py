"""Families: founded, joined by an invitation, paid into and from, left with what is left of one's own."""
