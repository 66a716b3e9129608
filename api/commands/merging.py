"""`kunak member merge…`: making two profiles of one person one, and two again."""

from typing import Annotated
from uuid import UUID

import typer

from api.clock import now
from api.commands.telling import in_house, out, with_resources
from services.audit import Actor
from services.merging import merging, reading
from services.merging.reading import MergeFacts

Why = Annotated[str, typer.Option(help="Why; it stands in the log.")]
Id = Annotated[UUID, typer.Argument(help="Id of a member.")]


def merge(
    survivor: Annotated[UUID, typer.Argument(help="Id of the profile that stays.")],
    duplicate: Annotated[UUID, typer.Argument(help="Id of the profile that becomes part of it.")],
    reason: Why,
) -> None:
    """Make two profiles of one person one; receipts, points, progress and cards follow."""
    _print(
        with_resources(
            lambda resources: merging.merge(
                Actor.operator(), survivor, duplicate, reason=reason, resources=resources, now=now()
            )
        )
    )


def unmerge(case: Annotated[UUID, typer.Argument(help="Id of the merge.")], reason: Why) -> None:
    """Make them two again, unless what came along has been spent since."""
    _print(
        with_resources(
            lambda resources: merging.undo(Actor.operator(), case, reason=reason, resources=resources, now=now())
        )
    )


def merges(member: Id) -> None:
    """List every merge that a member took part in."""
    for facts in in_house(lambda _: reading.of_member(member, now())):
        _print(facts)


def duplicates(member: Id) -> None:
    """List active profiles that may be the same person's, with what they have in common."""
    for found in in_house(lambda _: reading.alike(member)):
        out.print(f"{found.id} {found.number} {' '.join(found.signs)}", markup=False)


def _print(facts: MergeFacts) -> None:
    until = f"{facts.undoable_until:%Y-%m-%d %H:%M}"
    out.print(
        f"{facts.id} {facts.state:<7} {facts.duplicate} -> {facts.survivor}, undoable until {until}", markup=False
    )
