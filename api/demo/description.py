"""What the demo tells: var/demo.json for programs, a table for the person at the terminal."""

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from api.demo import staff
from api.demo.keys import Keys
from api.demo.scene import Scene
from loyalty.programme import Programme
from loyalty.tiers import tier_at
from models import database
from services import programmes


async def describe(scene: Scene, keys: Keys, *, url: str, hotel_sites: str, now: datetime) -> dict[str, Any]:
    """The content of var/demo.json: where everything is, with which tills and members."""
    programme = await programmes.current(now)
    rows = await database.fetch(
        "SELECT id, name, partner, outlet, kind, channels FROM till WHERE revoked_at IS NULL ORDER BY id"
    )
    tills = [
        {
            "id": str(row["id"]),
            "partner": row["partner"],
            "partnerName": programme.partners_by_id[row["partner"]].name.ru,
            "outlet": row["outlet"],
            "city": _city(programme, row["outlet"]),
            "outletName": programme.outlets_by_id[row["outlet"]].name.ru,
            "kind": row["kind"],
            "channels": list(row["channels"]),
            "key": keys.till(row["outlet"]),
        }
        for row in rows
        if row["partner"] in programme.partners_by_id and row["outlet"] in programme.outlets_by_id
    ]
    places = {outlet: place for place, outlet in enumerate(programme.outlets_by_id)}
    tills.sort(key=lambda till: places[till["outlet"]])
    sums = await database.fetch(
        "SELECT c.value, b.amount FROM contact AS c JOIN member_standing AS s ON s.member_id = c.member_id"
        " JOIN balance AS b ON b.account_id = s.qualifying_account WHERE c.kind = 'EMAIL'"
    )
    amounts = {row["value"]: row["amount"] for row in sums}
    members = [
        {
            "login": person.login,
            "password": keys.password(person.login),
            "tier": tier_at(programme, amounts[person.login]).id,
            "phone": person.phone,
        }
        for person in scene.people
        if person.login in amounts
    ]
    return {
        "url": url,
        "graphql": f"{url}/graphql",
        "mailbox": f"{url}/mailbox",
        "hotelSites": hotel_sites if scene.sites else None,
        "programme": programme.id,
        "tills": tills,
        "members": members,
        "promoCodes": [{"campaign": campaign, "code": code} for campaign, code in scene.promo_codes],
        "staff": staff.told(scene, keys),
    }


def _city(programme: Programme, outlet: str) -> str | None:
    city = programme.outlets_by_id[outlet].city
    return None if city is None else city.ru


def show(console: Console, scene: Scene, told: dict[str, Any], file: str) -> None:
    """Print where to go and with which accounts."""
    table = Table(box=None, pad_edge=False)
    for column in ("member of tier", "e-mail", "password"):
        table.add_column(column, overflow="fold")
    firsts = {member["tier"]: member["login"] for member in reversed(told["members"])}
    for member in told["members"]:
        if member["login"] in {*firsts.values(), *scene.shown_logins}:
            table.add_row(member["tier"], member["login"], member["password"])
    console.print(table)
    console.print()
    for one in told["staff"]:
        who = f"panel, {one['role']} of {one['scope']}: {one['login']}  {one['password']}"
        console.print(f"{who}  secret of the second factor {one['totp']}", soft_wrap=True)
    console.print()
    for till in told["tills"]:
        if till["outlet"] in scene.shown_tills:
            where = ", ".join(part for part in (till["partnerName"], till["city"], till["outletName"]) if part)
            console.print(f"till {where}: {till['key']}", soft_wrap=True)
    for one in told["promoCodes"]:
        console.print(f"promo code of {one['campaign']}: {one['code']}", soft_wrap=True)
    console.print()
    console.print(
        f"Cabinet   {told['url']}\nTill      {told['url']}/till\nPanel     {told['url']}/admin\nLetters   {told['mailbox']}"
    )
    if told["hotelSites"]:
        console.print(f"Hotels    {told['hotelSites']}  (their own sites, with the widget)")
    console.print(f"GraphQL   {told['graphql']}\nAll accounts are in {file}. Ctrl-C stops everything.")
