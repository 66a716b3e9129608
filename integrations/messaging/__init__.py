"""Gateways that carry texts to people: one adapter a vendor, all behind `integrations.ports.Gateway`."""
