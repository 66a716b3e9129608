"""INV-22, field by field: whatever of the schema may be called with a partner's right or a till's key stays with that partner.

The lists below name every such field. One that is added to the schema fails here until somebody has said what it reaches.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, get_named_type

from api.app import create_app
from api.settings import Settings
from graph.permissions import Needs, Staff, Till
from graph.schema import schema
from loyalty.programme import Programme
from loyalty.rights import RIGHTS, holdable
from loyalty.scopes import PROGRAMME, Scope
from services.settlement.exporting import Sheet
from tests.graph.staff.conftest import Panel
from tests.graph.staff.test_matrix import some
from tests.makers.app import client_of
from tests.makers.hostile import document_of
from tests.makers.partner_calls import BOUND, LISTS, NARROWED, REACHES, SHARED, WHOLE, of
from tests.makers.partners import Side, apply_partners, make_side
from tests.makers.resources import make_resources
from tests.makers.staff import make_holder
from tests.makers.state import state

ROOT = Path(__file__).parents[3]
DEPTH = 3
# What a question about nobody's row is answered with; and the mutation that answers for each of its parts.
NOTHING: tuple[Any, ...] = (None, [])
PART_BY_PART = "postOfflineReceipts"


def fields() -> dict[str, tuple[str, GraphQLField, Any]]:
    """Every field that a till or one of the staff may call: name → (kind, field, its directive)."""
    found = {}
    for kind in ("query", "mutation", "subscription"):
        root: GraphQLObjectType = getattr(schema()._schema, f"{kind}_type")
        for name, root_field in root.fields.items():
            for directive in root_field.extensions["strawberry-definition"].directives:
                if isinstance(directive, Needs | Staff | Till):
                    found[name] = (kind, root_field, directive)
    return found


FIELDS = fields()
# Their rights cannot be held at one partner: nobody who is a partner's gets in, whatever is asked for.
EVERYBODYS = sorted(
    name
    for name, (_, _, needed) in FIELDS.items()
    if isinstance(needed, Needs) and not holdable(needed.right, Scope(("shop",)))
)
BARRED = {FIELDS[name][2].right for name in EVERYBODYS}


def selected(kind: Any, depth: int = DEPTH) -> str:
    """Everything that may be read of a type, so far down."""
    named = get_named_type(kind)
    if not isinstance(named, GraphQLObjectType):
        return ""
    parts = []
    for name, part in named.fields.items():
        if any(isinstance(one.type, GraphQLNonNull) for one in part.args.values()):
            continue
        if not isinstance(get_named_type(part.type), GraphQLObjectType):
            if not hasattr(get_named_type(part.type), "types"):
                parts.append(name)
        elif depth > 0:
            parts.append(f"{name} {{ {selected(part.type, depth - 1)} }}")
    return " ".join(["__typename", *parts])


@dataclass
class Caller:
    """Somebody of a place, at the panel or with a till's key, and what they hear."""

    client: httpx2.AsyncClient
    headers: dict[str, str]

    async def call(self, name: str, given: dict[str, Any]) -> tuple[bool, str]:
        """(whether it was answered, all of the answer)."""
        kind, called, _ = FIELDS[name]
        used = GraphQLField(called.type, {key: part for key, part in called.args.items() if key in given})
        rest = "__typename ... on Problem { code }" if kind == "mutation" else selected(called.type)
        body = {"query": document_of(name, used, rest, kind=kind), "variables": given}
        answer = await self.client.post("/graphql", json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        if "errors" in told:
            assert told["errors"][0]["extensions"]["code"] != "INTERNAL", answer.text
            return False, answer.text
        found = told["data"][name]
        return not (isinstance(found, dict) and found["__typename"] == "Problem"), json.dumps(told, ensure_ascii=False)


@dataclass
class House:
    """A programme with one partner in it, and whoever calls from there."""

    panel: Panel
    mine: Side

    cookies: dict[Scope, str] = field(default_factory=dict)

    async def caller(self, name: str, scope: Scope, side: Side) -> Caller:
        """A till of the side, or somebody with every right there is at the scope."""
        if isinstance(FIELDS[name][2], Till):
            return Caller(self.panel.client, {"authorization": f"Till {side.key}"})
        return Caller(self.panel.client, await self.holder(scope))

    async def holder(self, scope: Scope) -> dict[str, str]:
        """What a browser of somebody sends who holds every right there is at the scope."""
        if scope not in self.cookies:
            rights = [(right, scope) for right in RIGHTS if holdable(right, scope) or right in BARRED]
            await self.panel.enter(await make_holder(self.panel.resources, self.panel.now, *rights))
            self.cookies[scope] = self.panel.cookie
        return self.panel.headers | {"cookie": f"__Host-staff={self.cookies[scope]}"}

    async def file(self, path: str, scope: Scope) -> str:
        """What they download."""
        shown = await self.holder(scope) | {"sec-fetch-site": "same-origin"}
        answer = await self.panel.client.get(path, headers=shown)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def other(self) -> Side:
        """Another partner moves in, with as much of its own."""
        where = {"partner": "cafe", "outlet": "cafe", "service": "food"}
        return await make_side(self.panel.resources, self.panel.now, **where)


@dataclass(kw_only=True)
class World(House):
    """Two partners."""

    theirs: Side


@pytest.fixture
async def programme(db: None, now: datetime, tmp_path: Path) -> Programme:
    return await apply_partners(tmp_path, now - timedelta(days=1))


@pytest.fixture
async def house(programme: Programme, now: datetime) -> AsyncIterator[House]:
    resources = make_resources(base_url="http://kunak.test", sign_in_per_ip_minute=1000)
    panel = Panel(httpx2.AsyncClient(), resources, now)
    app = create_app(Settings(), resources=resources, clock=lambda: panel.now, documents={})
    async with client_of(app) as client:
        panel.client = client
        yield House(panel, await make_side(resources, now, partner="shop", outlet="shop-one", service="furniture"))


@pytest.fixture
async def world(house: House) -> World:
    return World(house.panel, house.mine, theirs=await house.other())


def test_every_field_of_a_partner_is_named_once() -> None:
    """A field that is new has to be put where it belongs, or nobody has looked what it reaches."""
    named = [*LISTS, *REACHES, *SHARED, *WHOLE, *BOUND, *EVERYBODYS]
    assert len(named) == len(set(named))
    assert set(named) == FIELDS.keys()


def test_what_is_shown_elsewhere_is_there() -> None:
    for place in BOUND.values():
        file, _, name = place.partition("::")
        assert f"async def {name}(" in (ROOT / file).read_text(encoding="utf-8"), place


async def test_a_list_holds_the_own_rows_alone(world: World) -> None:
    """INV-22: the partner's own and none of the other's, which are there: whoever holds the whole programme reads both."""
    for name, asked in LISTS.items():
        caller = await world.caller(name, world.mine.scope, world.mine)
        answered, text = await caller.call(name, asked)
        assert answered, text
        assert world.mine.is_in(text), text
        assert not world.theirs.is_in(text), (name, [mark for mark in world.theirs.marks if mark in text])
        other = await world.caller(name, PROGRAMME, world.theirs)
        assert world.theirs.is_in((await other.call(name, asked))[1]), name


async def test_a_filter_that_names_the_other_partner_leaves_nothing(world: World) -> None:
    """INV-22: nor does a search; whoever holds the whole programme finds the rows by the very same words."""
    for name, aimed in NARROWED:
        asked = aimed(world.theirs)
        caller = await world.caller(name, world.mine.scope, world.mine)
        answered, text = await caller.call(name, asked)
        assert answered, text
        assert not world.theirs.is_in(text), (name, asked, text)
        everybody = await world.caller(name, PROGRAMME, world.theirs)
        assert world.theirs.is_in((await everybody.call(name, asked))[1]), (name, asked)


async def test_nothing_that_happens_at_the_other_partner_is_seen(house: House) -> None:
    """INV-22: every answer is, to the letter, what it was before the other partner had a single row: no sum, no count."""
    asked = list(LISTS.items())
    aimed = {name: given for name, given in {**REACHES, **SHARED}.items() if FIELDS[name][0] == "query"}
    asked += [(name, of(given, house.mine)) for name, given in aimed.items()]
    callers = [(await house.caller(name, house.mine.scope, house.mine), name, given) for name, given in asked]
    before = [await caller.call(name, given) for caller, name, given in callers]
    await house.other()
    for (caller, name, given), told in zip(callers, before, strict=True):
        assert told[0], told
        assert await caller.call(name, given) == told, name


async def test_what_names_another_partners_row_finds_nothing(world: World) -> None:
    """INV-22: neither read nor written; with rows of one's own the very same call is answered."""
    rows = await world.theirs.rows()
    for name, aimed in REACHES.items():
        caller = await world.caller(name, world.mine.scope, world.mine)
        before, asked = await state(), aimed(world.theirs)
        answered, text = await caller.call(name, asked)
        words = json.dumps(asked, ensure_ascii=False)
        assert not [mark for mark in world.theirs.marks if mark in text and mark not in words], (name, text)
        if FIELDS[name][0] == "mutation":
            assert not answered or name == PART_BY_PART, (name, text)
            assert await state() == before, name
        else:
            assert not answered or json.loads(text)["data"][name] in NOTHING, (name, text)
    for name, aimed in REACHES.items():
        caller = await world.caller(name, world.mine.scope, world.mine)
        before = await state()
        answered, text = await caller.call(name, aimed(await world.mine.fresh()))
        assert answered, (name, text)
        assert FIELDS[name][0] == "query" or await state() != before, (name, text)
    assert await world.theirs.rows() == rows


async def test_what_is_everybodys_tells_nothing_of_another_partner(world: World) -> None:
    """INV-22: a guest of the other partner is a guest of the programme; what they did there is not told, nor changed."""
    rows = await world.theirs.rows()
    for name, given in SHARED.items():
        caller = await world.caller(name, world.mine.scope, world.mine)
        for side in (world.theirs, world.mine):
            asked = of(given, side)
            answered, text = await caller.call(name, asked)
            assert answered or FIELDS[name][0] == "mutation", (name, text)
            words = json.dumps(asked, ensure_ascii=False)
            assert not [mark for mark in world.theirs.marks if mark in text and mark not in words], (name, text)
    assert await world.theirs.rows() == rows


async def test_what_is_everybodys_is_closed_to_one_partner(world: World) -> None:
    """INV-22: refused to whoever holds its right at one partner; it reads and changes nothing, not of the own either."""
    for name in [*WHOLE, *EVERYBODYS]:
        caller = await world.caller(name, world.mine.scope, world.mine)
        parts = FIELDS[name][1].args.items()
        asked = {key: some(part.type) for key, part in parts if isinstance(part.type, GraphQLNonNull)}
        before = await state()
        answered, text = await caller.call(name, WHOLE.get(name, asked))
        assert not answered, (name, text)
        assert '"FORBIDDEN"' in text, (name, text)
        assert await state() == before, name


async def test_a_file_holds_the_own_rows_alone(house: House) -> None:
    """INV-22, A-101: whatever a partner downloads is what it was before the other one came; the whole programme holds both."""
    paths = [f"/exports/settlement.csv?sheet={sheet}&month=2026-03" for sheet in Sheet] + ["/exports/operations.csv"]
    before = {path: await house.file(path, house.mine.scope) for path in paths}
    theirs = await house.other()
    for path in paths:
        assert await house.file(path, house.mine.scope) == before[path], path
        whole = await house.file(path, PROGRAMME)
        assert whole != before[path], path
        if "operations" in path or Sheet.LINES in path:  # the others name no receipt
            assert house.mine.is_in(before[path]), path
            assert theirs.is_in(whole), path
