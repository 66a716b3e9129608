"""Payments by the acquirer."""
