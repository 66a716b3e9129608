"""Restaurants of a cloud."""
