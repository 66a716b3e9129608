"""Purchases that guests claim afterwards: matched with what restaurants closed without a guest, or looked at by the staff."""
