"""Paying online: a payment for one thing, followed until the acquirer has its last word, and given back."""
