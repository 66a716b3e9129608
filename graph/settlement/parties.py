"""The sides of settlement on the wire: slugs of partners, and a sign for the programme itself."""

from typing import Final

import strawberry

from loyalty.settlement import PROGRAMME

PROGRAMME_ID: Final = "-"
"""Stands for the programme itself among slugs of partners: no slug is a hyphen."""


def party_id(slug: str) -> strawberry.ID:
    """The id of an issuer or partner on the wire."""
    return strawberry.ID(slug or PROGRAMME_ID)


def read_party(given: str | None) -> str | None:
    """A slug from the wire, '' for the programme."""
    return PROGRAMME if given == PROGRAMME_ID else given
