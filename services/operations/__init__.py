"""Receipts as the staff see them: everybody's, at the places where they may."""
