"""The interface for plugins of restaurants' systems: JSON over HTTP, the same use cases as GraphQL."""
