"""Purchases that guests claim, and the staff's queue of them."""
