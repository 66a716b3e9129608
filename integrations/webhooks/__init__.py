"""Webhooks on their way out: signed by Standard Webhooks 1.0, and led to no address of our own networks."""
