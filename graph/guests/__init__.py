"""Guests of partners, brought by their systems."""
