"""Gateways that deliver to nobody: servers that keep the vendors' contracts, refuse what they would refuse, and fail to order."""
