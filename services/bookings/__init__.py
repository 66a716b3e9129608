"""Booking hotels in the cabinet."""
