"""What a member agreed to and withdrew."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import strawberry

from graph.programme.types import DocumentKind
from services import consents


@strawberry.type(description="The newest act of a member about one kind of document.")
class Consent:
    """The newest act about one kind of document."""

    kind: DocumentKind
    given: bool
    document: strawberry.ID
    version: str
    at: datetime

    @classmethod
    def of(cls, consent: consents.Consent) -> Self:
        """The consent as it is read."""
        return cls(
            kind=consent.kind,
            given=consent.given,
            document=strawberry.ID(consent.document),
            version=consent.version,
            at=consent.at,
        )
