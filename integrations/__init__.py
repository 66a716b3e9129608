"""The outside world: ports that services know, and the adapters that only entry points plug in."""
