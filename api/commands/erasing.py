"""`kunak member erase…`: erasing a member, the act of it, and erasing again what a restored backup brought back."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.clock import now
from api.commands.telling import complain, in_house, out, with_resources
from loyalty.refusals import Code, Refusal
from services import programmes, support
from services.audit import Actor
from services.erasing import act, erasing, rows
from services.erasing.rows import ErasureFacts
from services.resources import Resources

Login = Annotated[str, typer.Argument(help="E-mail, phone, card number or id.")]


def erase(
    login: Login,
    reason: Annotated[str, typer.Option(help="Why; it stands in the log and in the act.")],
    yes: Annotated[bool, typer.Option("--yes", help="It is meant: there is no way back.")] = False,
    insist: Annotated[bool, typer.Option("--insist", help="Even while a booking is under way.")] = False,
) -> None:
    """Erase the personal data of a member for ever and print the act; the books stay."""
    if not yes:
        complain("there is no way back: say --yes if it is meant")
        raise typer.Exit(1)
    out.print(with_resources(lambda resources: _erase(login, reason, insist, resources)), markup=False)


def show_act(
    login: Annotated[str, typer.Argument(help="Card number or id.")],
    locale: Annotated[str, typer.Option(help="ru or en.")] = "ru",
) -> None:
    """Print the act of an erasure."""
    out.print(in_house(lambda _: _act(login, locale)), markup=False)


def erased() -> None:
    """List every erased member by id, with the moment: what `erase-again` reads."""
    for member, at in in_house(lambda _: rows.everybody()):
        out.print(f"{member} {at.isoformat()}", markup=False)


def erase_again(file: Annotated[Path, typer.Argument(help="A list that `erased` printed.", dir_okay=False)]) -> None:
    """Erase once more whoever a restored backup knows by name again."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        members = [UUID(line.split()[0]) for line in lines if line.strip()]
    except (OSError, ValueError) as fault:
        complain(f"{file} is no list of erased members: {fault}")
        raise typer.Exit(1) from None
    done = with_resources(lambda resources: erasing.erase_again(members, resources, now()))
    out.print(f"{len(members)} in the list, {len(done)} erased again")


async def _erase(login: str, reason: str, insist: bool, resources: Resources) -> str:
    member, moment = await _one(login), now()
    facts = await erasing.erase(
        Actor.operator(), member, reason=reason, resources=resources, now=moment, insists=insist
    )
    return await _told(facts, "ru", moment)


async def _act(login: str, locale: str) -> str:
    facts = await rows.of_member(await _one(login))
    if facts is None:
        raise Refusal(Code.NOT_FOUND, "member.not_found")
    return await _told(facts, locale, now())


async def _told(facts: ErasureFacts, locale: str, moment: datetime) -> str:
    return act.text_of(facts, await programmes.current(moment), locale)


async def _one(login: str) -> UUID:
    ids = await support.search(login)
    if len(ids) != 1:
        raise Refusal(Code.NOT_FOUND, "tiers.whose")
    return ids[0]
