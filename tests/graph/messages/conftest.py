"""The house as a browser meets it, with a phone that receives."""

from tests.graph.members.conftest import house, programme

__all__ = ["house", "programme"]
