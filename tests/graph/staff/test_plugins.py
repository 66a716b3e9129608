"""Plugins at the panel: shown to holders of the right, of the places it is held at."""

from datetime import timedelta

from loyalty.scopes import PROGRAMME, Scope
from models import database
from services.pos.plugins import Contact, Contacts
from tests.graph.staff.conftest import Panel
from tests.makers.people import make_till
from tests.makers.staff import make_holder

PLUGINS = "{ plugins { terminal version queue clockAheadSeconds outlet isEnded } }"


async def call_from(panel: Panel, partner: str, outlet: str, terminal: str) -> None:
    """A plugin that called a moment ago, with its clock a minute and a half ahead."""
    till, _ = await make_till(panel.now, partner=partner, outlet=outlet)
    contact = Contact(terminal, "1.0.0", None, 2, panel.now + timedelta(seconds=90))
    await Contacts().note(till, contact, panel.now)


async def test_plugins_are_shown_where_the_right_is_held(panel: Panel) -> None:
    """A-108, INV-22: one restaurant's, a partner's, everybody's; without the right a refusal that is noted."""
    places = [("igora", "igora-restaurant"), ("igora", "igora-bar"), ("favorit", "favorit")]
    for place, (partner, outlet) in enumerate(places):
        await call_from(panel, partner, outlet, f"t{place}")
    seen = {}
    for scope in (PROGRAMME, Scope(("igora",)), Scope(("igora", "igora-bar"))):
        await panel.enter(await make_holder(panel.resources, panel.now, ("plugin.view", scope)))
        seen[str(scope)] = [one["terminal"] for one in await panel.ask(PLUGINS)]
    assert seen == {"": ["t2", "t1", "t0"], "igora": ["t1", "t0"], "igora/igora-bar": ["t1"]}
    one = (await panel.ask(PLUGINS))[0]
    assert (one["queue"], one["clockAheadSeconds"], one["isEnded"]) == (2, 90, False)
    await panel.enter(await make_holder(panel.resources, panel.now, ("card.view", PROGRAMME)))
    assert await panel.refused(PLUGINS) == "FORBIDDEN"
    assert await database.fetchval("SELECT count(*) FROM audit_event WHERE action = 'plugins'") == 1
