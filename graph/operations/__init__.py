"""Receipts as the staff see them."""
