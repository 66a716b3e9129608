"""A guest reads on the receipt what every campaign came to, and how far it was."""

from datetime import datetime
from pathlib import Path
from typing import Any

from api.app import create_app
from api.settings import Settings
from services.resources import Resources
from tests.graph.members.conftest import House
from tests.makers.app import client_of
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.credentials import make_token
from tests.makers.purchases import make_purchase

SLOPE = "id: slope, name: {ru: День на склоне, en: A day on the slope}, when: {basket_min: 5000}, gives: {percent: 10}"
TENTH = "id: tenth, name: {ru: Десятая, en: A tenth}, gives: {percent: 5}"
MINE = "{ me { purchases(first: 1) { items { promotions { campaign name state discount reasons { code text } } } } } }"


async def test_a_guest_reads_what_was_missing(db: None, now: datetime, tmp_path: Path, resources: Resources) -> None:
    """C-06: «ещё 320 ₽» in both languages, beside the campaign that applied with what it gave."""
    await make_shop(now, tmp_path, SLOPE, TENTH)
    till, member = await make_desk(now)
    token = await make_token(member, now)
    await make_purchase(resources, till, member, bought(("bar", 4680_00)), now)
    app = create_app(Settings(), resources=resources, clock=lambda: now, documents={})
    async with client_of(app) as client:
        house = House(client, resources, now)
        told: dict[str, list[dict[str, Any]]] = {}
        for language in ("ru", "en"):
            me = await house.ask(MINE, Authorization=f"Bearer {token}", **{"Accept-Language": language})
            told[language] = me["purchases"]["items"][0]["promotions"]
    assert {one["campaign"]: (one["state"], one["discount"]) for one in told["ru"]} == {
        "slope": ("MISSING", "0.00"),
        "tenth": ("APPLIED", "234.00"),
    }
    missing = {
        language: one["reasons"] for language, found in told.items() for one in found if one["campaign"] == "slope"
    }
    assert missing == {
        "ru": [{"code": "campaign_basket", "text": "До акции «День на склоне» ещё 320\u00a0₽."}],
        "en": [{"code": "campaign_basket", "text": "320\u00a0₽ to go for “A day on the slope”."}],
    }
