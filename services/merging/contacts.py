"""Contacts of two profiles: what the survivor lacks comes over, what is left of the duplicate's is nobody's proof any more."""

from typing import Any, Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from models.database import Record, Violation
from services.work import Work

_BOTH: Final = "SELECT id, member_id, kind, value, verified_at FROM contact WHERE member_id = ANY ($1::uuid[])"
_GIVE: Final = "UPDATE contact SET member_id = $2 WHERE id = ANY ($1::uuid[])"
_UNPROVE: Final = "UPDATE contact SET verified_at = NULL WHERE id = ANY ($1::uuid[])"
_PROVE: Final = """
UPDATE contact AS c SET verified_at = p.at::timestamptz FROM unnest($1::uuid[], $2::text[]) AS p (id, at)
WHERE c.id = p.id AND c.member_id = $3
"""
_IS_TAKEN: Final = """
SELECT EXISTS (
    SELECT 1 FROM contact AS mine JOIN contact AS other ON other.kind = mine.kind AND other.value = mine.value
    WHERE mine.id = ANY ($1::uuid[]) AND other.id <> mine.id AND other.verified_at IS NOT NULL
)
"""
# Only what is still as the merge put it goes back. Another number or address is written into the same row: its proof is
# of another moment, and it is his who changed it.
_BACK: Final = """
UPDATE contact AS c SET member_id = $4 FROM unnest($1::uuid[], $2::text[]) AS p (id, at)
WHERE c.id = p.id AND c.member_id = $3 AND c.verified_at = p.at::timestamptz RETURNING c.kind
"""
# What he had himself comes back where its place is free again.
_TAKE_BACK: Final = """
UPDATE contact SET member_id = $3 WHERE id = ANY ($1::uuid[]) AND member_id = $2 AND kind = ANY ($4::text[])
"""


async def join(tx: Work, survivor: UUID, duplicate: UUID) -> dict[str, Any]:
    """Give the survivor the proved contacts that he lacks, the duplicate his unproved ones for them."""
    held: dict[tuple[UUID, str], Record] = {}
    for row in await tx.fetch(_BOTH, [survivor, duplicate]):
        held[row["member_id"], row["kind"]] = row
    given, taken, unproved = {}, [], {}
    for kind in ("EMAIL", "PHONE"):
        mine, theirs = held.get((survivor, kind)), held.get((duplicate, kind))
        if theirs is None or theirs["verified_at"] is None:
            continue
        if mine is not None and mine["verified_at"] is not None:
            unproved[str(theirs["id"])] = theirs["verified_at"].isoformat()
            continue
        given[str(theirs["id"])] = theirs["verified_at"].isoformat()
        if mine is not None:
            taken.append(str(mine["id"]))
    await tx.execute(_GIVE, taken, duplicate)
    await tx.execute(_GIVE, list(given), survivor)
    await tx.execute(_UNPROVE, list(unproved))
    return {"given": given, "taken": taken, "unproved": unproved}


async def part(tx: Work, survivor: UUID, duplicate: UUID, noted: dict[str, Any]) -> None:
    """Put the contacts back. Raises UNFINISHED where somebody has proved one of the duplicate's meanwhile."""
    unproved = noted["unproved"]
    if await tx.fetchval(_IS_TAKEN, list(unproved)):
        raise Refusal(Code.UNFINISHED, "merging.contact_taken")
    given = noted["given"]
    back = [row["kind"] for row in await tx.fetch(_BACK, list(given), list(given.values()), survivor, duplicate)]
    await tx.execute(_TAKE_BACK, noted["taken"], duplicate, survivor, back)
    try:
        await tx.execute(_PROVE, list(unproved), list(unproved.values()), duplicate)
    except Violation as violation:
        if violation.constraint == "contact_verified":  # somebody has proved it since we looked
            raise Refusal(Code.UNFINISHED, "merging.contact_taken") from None
        raise
