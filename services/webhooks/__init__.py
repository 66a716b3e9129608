"""Outgoing webhooks: addresses of partners, what they are told, and how it gets there."""
