"""A partner's system brings its guests."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graph.context import Info
from graph.permissions import till
from graph.problems import Problem
from services.guests import importing


@strawberry.input(description="A guest as the partner's system knows one.")
class GuestInput:
    """A guest as the partner's system knows one."""

    external_id: str
    phone: str | None = None
    email: str | None = None


@strawberry.type(description="What is wrong with one of the guests that were sent.")
class GuestFault:
    """What is wrong with one of the guests."""

    index: int = strawberry.field(description="Its place in the list, from 0.")
    field: str
    message: str


@strawberry.type(description="So many were taken. Whether one of them is a member is not told.")
class GuestsImported:
    """What was taken."""

    taken: int
    faults: list[GuestFault]


ImportGuestsResult = Annotated[GuestsImported | Problem, strawberry.union("ImportGuestsResult")]
_FIELDS = {"external_id": "externalId", "phone": "phone", "email": "email"}


@strawberry.type
class GuestMutations:
    """A partner's system brings its guests."""

    @strawberry.mutation(
        extensions=[till()],
        description=(
            "Bring up to 100 guests of the key's partner; needs the scope GUESTS. Each waits until somebody proves the phone or"
            " the e-mail: nobody becomes a member, and no consent is assumed. The same again changes nothing. With `dryRun`"
            " nothing is written: the answer says what would be taken, and what is to mend."
        ),
    )
    async def import_guests(self, info: Info, guests: list[GuestInput], *, dry_run: bool = False) -> ImportGuestsResult:
        """Bring guests."""
        context = info.context
        sent = [{"external_id": one.external_id, "phone": one.phone or "", "email": one.email or ""} for one in guests]
        taken, faults = await importing.take(context.till, sent, context.now, dry_run=dry_run)
        told = [
            GuestFault(index=one.line, field=_FIELDS[one.column], message=f"{one.what}: {one.mend}") for one in faults
        ]
        return GuestsImported(taken=taken, faults=told)
