"""The shop over HTTP: public prices for everybody, a member's own with the reason (A-081)."""

from datetime import datetime, timedelta
from typing import Any

from api.app import create_app
from api.settings import Settings
from models import database
from tests.makers.app import client_of
from tests.makers.credentials import make_token
from tests.makers.people import make_member
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources

SHOP = """query ($partner: ID) { shop(partner: $partner) { id name price validDays partner { id }
    byTier { tier { id } net } mine { net discount discountPercent accumulates tier { id } reasons { code text } } } }"""
RAISE = "UPDATE balance SET amount = $2 FROM member_standing AS s WHERE s.qualifying_account = account_id AND s.member_id = $1"


async def test_everybody_reads_prices_and_a_member_the_own_one_with_the_reason(db: None, now: datetime) -> None:
    """A-081: «почему» stands beside the price, in both languages; a partner without a shop is named as such."""
    await make_programme(now - timedelta(days=2))
    member = await make_member(now)
    await database.execute(RAISE, member.id, 500_000_00)
    token = await make_token(member, now)
    app = create_app(Settings(introspection=True), resources=make_resources(), clock=lambda: now, documents={})
    async with client_of(app) as client:

        async def ask(language: str, headers: dict[str, str], **variables: Any) -> Any:
            told = headers | {"accept-language": language}
            return (await client.post("/graphql", json={"query": SHOP, "variables": variables}, headers=told)).json()

        goods = (await ask("en", {}))["data"]["shop"]
        assert [one["id"] for one in goods][:2] == ["ski-day", "ski-lesson"]
        assert {one["partner"]["id"] for one in goods} == {"igora", "leningrad-center", "myasnoy-blok"}
        assert (goods[0]["price"], goods[0]["mine"]) == ("2500.00", None)
        assert [cell["net"] for cell in goods[0]["byTier"]] == ["2500.00", "2375.00", "2250.00", "2125.00"]
        own = {"authorization": f"Bearer {token}"}
        mine = (await ask("en", own, partner="igora"))["data"]["shop"][0]["mine"]
        assert (mine["net"], mine["discount"], mine["tier"]["id"]) == ("2250.00", "250.00", "traveller")
        assert [reason["code"] for reason in mine["reasons"]] == ["discount", "counts"]
        told = (await ask("ru", own, partner="igora"))["data"]["shop"][0]["mine"]["reasons"][0]["text"]
        assert "Путешественник" in told
        wrong = await ask("en", {}, partner="dacha-vintera")
        assert wrong["errors"][0]["extensions"]["code"] == "NOT_FOUND"
