"""`kunak member`: a member as support sees one."""

from typing import Annotated

import typer

from api.clock import now
from api.commands import erasing, member_tiers, merging
from api.commands.telling import complain, in_house, out
from api.settings import Settings
from loyalty.money import print_money
from services import members, programmes, support
from services.ledger import Standing
from services.members import CardFacts, MemberFacts
from services.tiers.reading import stands

app = typer.Typer(help="Members.", no_args_is_help=True)
app.add_typer(member_tiers.app, name="tier")
app.command()(erasing.erase)
app.command("act")(erasing.show_act)
app.command()(erasing.erased)
app.command("erase-again")(erasing.erase_again)
app.command()(merging.merge)
app.command()(merging.unmerge)
app.command()(merging.merges)
app.command()(merging.duplicates)


@app.callback()
def group() -> None:
    """Members."""


@app.command()
def show(login: Annotated[str, typer.Argument(help="E-mail, phone, card number or id.")]) -> None:
    """Show who a member is, their standing and their cards. Never their secrets."""
    found = in_house(lambda settings: _look_up(settings, login))
    if not found:
        complain("no member has that e-mail, phone, number or id")
        raise typer.Exit(1)
    for member, standing, cards, tier in found:
        _print(member, standing, cards, tier)


Found = tuple[MemberFacts, Standing | None, list[CardFacts], str]


async def _look_up(_settings: Settings, login: str) -> list[Found]:
    ids = await support.search(login)
    programme = await programmes.current(now())
    standings, cards = await members.standings_by_member(ids), await members.cards_by_member(ids)
    found: list[Found] = []
    for member, standing, held in zip(await members.members_by_id(ids), standings, cards, strict=True):
        if member is not None:
            tier = "—"
            if standing is not None:
                stand = await stands(programme, member.id, standing.accumulated, standing.grant, now())
                tier = stand.tier.id
            found.append((member, standing, held, tier))
    return found


def _print(member: MemberFacts, standing: Standing | None, cards: list[CardFacts], tier: str) -> None:
    names = " ".join(filter(None, [member.last_name, member.first_name, member.patronymic]))
    rows = [
        ("id", str(member.id)),
        ("number", member.number),
        ("status", member.status),
        ("name", names),
        ("e-mail", member.email or "—"),
        ("phone", member.phone or "—"),
        ("tier", tier),
    ]
    if standing is not None:
        rows += [
            ("accumulated", print_money(standing.accumulated)),
            ("purchases", print_money(standing.purchases)),
            ("saved", print_money(standing.saved)),
        ]
    rows += [("card", f"{card.number} {card.kind} {card.status}") for card in cards]
    for label, value in rows:
        out.print(f"{label:<12}{value}", markup=False)
