"""Plugins of restaurants' systems."""
