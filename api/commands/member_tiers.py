"""`kunak member tier`: a member's tiers one after another, and tiers given by hand."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer

from api.clock import now
from api.commands.telling import in_house, out, with_resources
from graph.words import sentence
from loyalty.points import last_day
from loyalty.refusals import Code, Refusal
from services import programmes, support
from services.audit import Actor
from services.resources import Resources
from services.tiers import granting, history
from services.tiers.granting import Granted

SHOWN = 50
app = typer.Typer(help="Tiers of a member.", no_args_is_help=True)
Login = Annotated[str, typer.Argument(help="E-mail, phone, card number or id.")]
Why = Annotated[str, typer.Option(help="Why; it stands in the log.")]


@app.command()
def show(login: Login) -> None:
    """Show which tiers a member had and why, and the one given by hand."""
    for line in in_house(lambda _: _story(login)):
        out.print(line, markup=False)


@app.command()
def grant(
    login: Login,
    tier: Annotated[str, typer.Argument(help="Slug of the tier.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day it holds.")],
    reason: Why,
) -> None:
    """Give a member a tier until a day. It lifts and never lowers."""
    granted = with_resources(lambda resources: _grant(login, tier, until.date(), reason, resources))
    out.print(f"tier   {granted.stands_at}")
    out.print(f"grant  {granted.id}")


@app.command()
def withdraw(login: Login, reason: Why) -> None:
    """Take the given tier of a member back; what purchases say holds at once."""
    granted = with_resources(lambda resources: _withdraw(login, reason, resources))
    out.print(f"tier   {granted.stands_at}")


async def _story(login: str) -> list[str]:
    member, moment = await _one(login), now()
    programme = await programmes.current(moment)
    lines = []
    for one in await history.page(member, programme, rows=SHOWN):
        until = "now" if one.until is None else f"{one.until:%Y-%m-%d %H:%M}"
        why = sentence(f"tiers.reason.{one.reason}", "en")
        lines.append(f"{one.tier.id:<20} {one.since:%Y-%m-%d %H:%M} – {until:<16}  {why}")
    given = await history.grant_in_force(member, programme, moment)
    if given is not None:
        last = last_day(given.until, programme.time_zone)
        lines.append(f"given by hand: {given.tier.id} until {last}, because: {given.reason}")
    return lines


async def _grant(login: str, tier: str, last: date, reason: str, resources: Resources) -> Granted:
    member = await _one(login)
    return await granting.grant(
        Actor.operator(), member, tier=tier, last_day=last, reason=reason, resources=resources, now=now()
    )


async def _withdraw(login: str, reason: str, resources: Resources) -> Granted:
    member = await _one(login)
    return await granting.withdraw_of(Actor.operator(), member, reason=reason, resources=resources, now=now())


async def _one(login: str) -> UUID:
    """The one member a text names: a phone may be several people's."""
    ids = await support.search(login)
    if len(ids) != 1:
        raise Refusal(Code.NOT_FOUND, "tiers.whose")
    return ids[0]
