"""Erasing a member: asked for by himself or done by the staff, and the act of it."""
