"""How outside systems are."""
