"""The house of the members and the panel of the staff, on one database."""

from tests.graph.members.conftest import house, programme
from tests.graph.staff.conftest import panel

__all__ = ["house", "panel", "programme"]
