"""Why a line got its discount and whether it counts: codes and facts, told in words only when somebody reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ReasonCode(StrEnum):
    """What a line can be told about itself."""

    DISCOUNT = "discount"  # facts: tier, basis_points
    NO_DISCOUNT_YET = "no_discount_yet"  # facts: tier, next, basis_points
    NO_DISCOUNT = "no_discount"
    NOT_GIVEN = "not_given"
    COUNTS = "counts"  # facts: note, where the programme wrote one
    DOES_NOT_COUNT = "does_not_count"  # facts: note, where the programme wrote one
    EARNS = "earns"  # facts: basis_points
    EARNS_NOT_YET = "earns_not_yet"  # facts: tier, next, basis_points
    EARNS_NOTHING = "earns_nothing"
    REDEEMS = "redeems"  # facts: basis_points
    REDEEMS_NOTHING = "redeems_nothing"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. Its facts are ids and numbers of the programme version that gave it, so that any language can tell it."""

    code: ReasonCode
    tier: str | None = None
    next: str | None = None
    basis_points: int | None = None
    note: int | None = None

    def stored(self) -> dict[str, str | int]:
        """The reason as it is kept with a line: the code and the facts it has."""
        facts = {"tier": self.tier, "next": self.next, "basis_points": self.basis_points, "note": self.note}
        return {"code": self.code.value, **{name: fact for name, fact in facts.items() if fact is not None}}

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Self:
        """A reason read back from a line."""
        tier, following = stored.get("tier"), stored.get("next")
        basis_points, note = stored.get("basis_points"), stored.get("note")
        return cls(
            code=ReasonCode(str(stored["code"])),
            tier=tier if isinstance(tier, str) else None,
            next=following if isinstance(following, str) else None,
            basis_points=basis_points if isinstance(basis_points, int) else None,
            note=note if isinstance(note, int) else None,
        )
