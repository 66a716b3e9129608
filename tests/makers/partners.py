"""Two partners of one programme, each with a row of everything that is a partner's own."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from loyalty.programme import Programme
from loyalty.scopes import Scope
from loyalty.webhooks import EventType
from models import database
from models.ids import uuid7
from services.pos.plugins import Contact, Contacts
from services.purchases import Posted, PurchaseCommand, TenderPaid, post_purchase
from services.quotes import Quoted
from services.resources import Resources
from services.shop import codes
from services.tills import EVERY_SCOPE, TillFacts, add_till
from tests.makers.people import MadeMember, Phone, make_member, make_phone
from tests.makers.points import buy, goods, quote
from tests.makers.purchases import make_ticket
from tests.makers.settlement import apply_settled
from tests.makers.staff import MadeStaff, make_staff
from tests.makers.state import COUNTERS
from tests.makers.webhooks import make_endpoint

_CLAIM = """
INSERT INTO purchase_claim (id, body_sha256, member_id, partner, outlet, receipt_number, business_date, closed_at, net,
    status, created_at)
VALUES ($1, '\\x00', $2, $3, $4, $5, $6, $7, 10000, 'OPEN', $7)
"""
_SIGNAL = """
INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state)
VALUES ($1, 'OWN_CARD', gen_random_uuid()::text, $2, $3, $4, $5, $6, $7, $7, '{"receipts": 2, "net": 50000}', 'OPEN')
"""
# A card of somebody else whom the side has blocked.
_BLOCKED = """
WITH blocked AS (UPDATE card SET status = 'BLOCKED' WHERE id = $2)
INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state, decided_at)
VALUES (gen_random_uuid(), 'OWN_CARD', gen_random_uuid()::text, $1, $2, $3, $4, $5, $6, $6, '{"receipts": 2, "net": 50000}',
    'CARD_BLOCKED', $6)
"""
_EVENT = "INSERT INTO webhook_event (id, partner, kind, subject_id, at, body) VALUES ($1, $2, $3, $4, $5, '{}')"
_DELIVERY = """
INSERT INTO webhook_delivery (id, event_id, endpoint_id, status, tries, created_at) VALUES ($1, $2, $3, 'FAILED', 10, $4)
"""
_ORDER = """
INSERT INTO shop_order (id, body_sha256, member_id, partner, outlet, item, state, quantity, programme_version, tier, price,
    discount, number, ordered_at, changed_at, paid_at, valid_until, purchase_id)
VALUES ($1, '\\x00', $2, $3, $4, 'gift', 'ISSUED', 1, $5, 'guest', 10000, 0, $6, $7, $7, $7, $8, $1)
"""
_VOUCHER = """
INSERT INTO shop_voucher (id, order_id, position, line_id, code_sha256, sealed, state, net, ends_at, issued_at)
VALUES ($1, $2, 0, $3, $4, $5, 'ISSUED', 10000, $6, $7)
"""
# What the acquirer never answered of it, so that it waits for a person.
_PAYMENT = """
INSERT INTO payment (id, subject_kind, subject_id, member_id, amount, refunded, description, return_path, lines, state, tries,
    opened_at, expires_at, changed_at)
VALUES ($1, 'shop_order', $2, $3, 10000, 0, $4, '/shop', '[]', 'EXPIRED', 3, $5, $5, $5)
"""
# A restaurant of the cloud that is one outlet of ours: read, compared, with an order that waits and two that were put aside.
_HOUSE = """
WITH g AS (SELECT $1::uuid AS id, $2::text AS mark, $3::text AS outlet, $4::timestamptz AS at),
house AS (INSERT INTO restaurant (id, name, tables, synced_at) SELECT id, mark || '-house', '[]', at FROM g),
place AS (INSERT INTO restaurant_place (id, restaurant_id, name, outlet, linked_at)
    SELECT gen_random_uuid(), id, mark, outlet, at FROM g),
day AS (INSERT INTO restaurant_check (id, restaurant_id, day, theirs, theirs_net, ours, ours_net, mended, checked_at)
    SELECT gen_random_uuid(), id, at::date - 1, 2, 30000, 1, 10000, 0, at FROM g),
differs AS (INSERT INTO restaurant_difference (id, restaurant_id, day, order_id, what, theirs, reason, found_at)
    SELECT gen_random_uuid(), id, at::date - 1, gen_random_uuid(), 'MISSING_HERE', 20000, mark, at FROM g),
orders AS (INSERT INTO restaurant_order (id, restaurant_id, order_id, outlet, kind, number, net, stamp, ending, state, told_at)
    SELECT gen_random_uuid(), id, gen_random_uuid(), outlet, 'TABLE', mark, 20000, 1, 'CLOSED', s, at
    FROM g, unnest(ARRAY['NEW', 'ASIDE']) AS s)
INSERT INTO restaurant_event (id, restaurant_id, what, key, state, times, received_at, fault)
    SELECT gen_random_uuid(), id, mark, mark, 'ASIDE', 1, at, 'unread' FROM g
"""
_REQUEST = """
INSERT INTO grant_request (id, staff_id, version, wanted, difference, reason, requested_by, requested_at, expires_at, state)
SELECT $1, id, version, jsonb_build_array(jsonb_build_object('role', null, 'right', 'admin.manage', 'scope', $3::text)),
    jsonb_build_object('added', jsonb_build_array(jsonb_build_array('admin.manage', $3::text)), 'removed', '[]'::jsonb),
    $4, $5, $6::timestamptz, $6::timestamptz + interval '7 days', 'WAITING'
FROM staff WHERE id = $2
"""
# The last rule of each partner in the file, behind which its goods stand.
_SELLS = (
    ("shop-one", "      - {id: delivery, name: Доставка, channels: [TILL]}\n",
     "      - {services: [delivery], channels: [TILL], discount: 0, accumulates: false}\n"),
    ("cafe", "      - {id: food, name: Еда, channels: [TILL]}\n",
     "      - {services: [food], channels: [TILL], discount: 0, accumulates: true, earns: 10, redeem_cap: 100}\n"),
)  # fmt: skip


async def apply_partners(folder: Path, now: datetime, *more: tuple[str, str]) -> Programme:
    """Partners `shop` and `cafe`, who settle, and sell in the programme's shop besides."""
    changes = []
    for outlet, service, rule in _SELLS:
        changes.append((service, f"{service}      - {{id: gift, name: Подарок, channels: [SHOP]}}\n"))
        item = "{id: gift, service: gift, name: Подарок, price: 100, valid_days: 30}"
        goods = f"    shop:\n      outlet: {outlet}\n      items:\n        - {item}\n"
        free = "      - {services: [gift], channels: [SHOP], discount: 0, accumulates: false}\n"
        changes.append((rule, f"{rule}{free}{goods}"))
    return await apply_settled(folder, now, *changes, *more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A partner with rows of its own. `marks` are ids and texts that stand in no row of anybody else."""

    partner: str
    outlet: str
    service: str
    till: TillFacts
    spare: TillFacts
    key: str
    member: MadeMember
    phone: Phone
    posted: Posted
    paid: Posted
    receipt: str
    instalments: tuple[str, str]
    open_quote: Quoted
    ticket: str
    told: str
    claim: UUID
    signal: UUID
    blocked: UUID
    endpoint: UUID
    delivery: UUID
    staff: MadeStaff
    version: int
    request: UUID
    terminal: str
    voucher: UUID
    voucher_code: str
    house: UUID
    payment: UUID

    @property
    def scope(self) -> Scope:
        """The whole partner."""
        return Scope((self.partner,))

    @property
    def marks(self) -> tuple[str, ...]:
        """What no answer may hold that is another partner's."""
        ids = (
            self.till.id,
            self.spare.id,
            self.posted.purchase.id,
            self.paid.purchase.id,
            self.claim,
            self.signal,
            self.blocked,
            self.endpoint,
            self.delivery,
            self.voucher,
            self.house,
            self.payment,
        )
        people = (self.staff.id, self.staff.email, self.request)
        texts = (self.receipt, *self.instalments, self.terminal, f"mark-{self.partner}")
        return tuple(str(one) for one in (*ids, *people, *texts))

    def is_in(self, text: str) -> bool:
        """Whether anything of this partner stands in a text."""
        return any(mark in text for mark in self.marks)

    async def fresh(self) -> "Side":
        """The same with what was changed of its people."""
        return replace(self, version=await _version(self.staff))

    async def rows(self) -> dict[str, str]:
        """A digest of every row there is of this partner, by table."""
        names = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        pattern = "|".join(re.escape(mark) for mark in self.marks)
        return {
            row["tablename"]: await database.fetchval(
                f"SELECT count(*) || coalesce(md5(string_agg(r::text, '|' ORDER BY r::text)), '') FROM \"{row['tablename']}\""
                " AS r WHERE r::text ~ $1",
                pattern,
            )
            for row in names
            if row["tablename"] not in COUNTERS
        }


async def make_side(resources: Resources, now: datetime, *, partner: str, outlet: str, service: str) -> Side:
    """A partner that has sold, is claimed against, is watched, listens, and has people of its own."""
    asker = await make_staff(resources, now)
    till, key = await _till(partner, outlet, now)
    spare, _ = await _till(partner, outlet, now)
    member = await make_member(now)
    posted = await _sell(resources, till, member, service, f"R-{partner}-1", now)
    instalments = (f"R-{partner}-2", f"R-{partner}-3")
    for waiting in instalments:
        await _sell(resources, till, member, service, waiting, now, waits=True)
    # With points: what settlement counts.
    paid = await buy(resources, till, member, [goods(100, service=service)], now, points=20)
    claim, signal, request, event, delivery, house, payment = (uuid7() for _ in range(7))
    at = now - timedelta(hours=2)
    await database.execute(_CLAIM, claim, member.id, partner, outlet, f"mark-{partner}-claim", now.date(), at)
    await database.execute(_SIGNAL, signal, member.id, member.card, till.id, partner, outlet, at)
    held = await make_member(now)
    await database.execute(_BLOCKED, held.id, held.card, till.id, partner, outlet, at)
    endpoint, _ = await make_endpoint(resources, f"https://mark-{partner}.example.ru/hooks", now, partner=partner)
    await database.execute(_EVENT, event, partner, EventType.PURCHASE_POSTED.value, posted.purchase.id, at)
    await database.execute(_DELIVERY, delivery, event, endpoint.id, at)
    staff = await make_staff(resources, now, role="analyst", partner=partner)
    await database.execute("UPDATE staff SET comment = $2 WHERE id = $1", staff.id, f"mark-{partner}-staff")
    await database.execute(_REQUEST, request, staff.id, partner, f"mark-{partner}-request", asker.id, now)
    voucher, code = await _voucher(resources, posted, member, now)
    bought = (payment, posted.purchase.id, member.id, f"mark-{partner}-payment", now - timedelta(days=60))
    await database.execute(_PAYMENT, *bought)
    await database.execute(_HOUSE, house, f"mark-{partner}", outlet, now)
    terminal = f"mark-{partner}-hall"
    await Contacts().note(till, Contact(terminal, "1.0.0", None, 0, now), now)
    return Side(
        partner=partner,
        outlet=outlet,
        service=service,
        till=till,
        spare=spare,
        key=key,
        member=member,
        phone=await make_phone(resources, member.id, now),
        posted=posted,
        paid=paid,
        receipt=f"R-{partner}-1",
        instalments=instalments,
        open_quote=await quote(till, member, [goods(100, service=service)], now, points=1),
        ticket=await make_ticket(till, member, now),
        told=await make_ticket(till, member, now, by_phone=True),
        claim=claim,
        signal=signal,
        blocked=held.card,
        endpoint=endpoint.id,
        delivery=delivery,
        staff=staff,
        version=await _version(staff),
        request=request,
        terminal=terminal,
        voucher=voucher,
        voucher_code=code,
        house=house,
        payment=payment,
    )


async def _voucher(resources: Resources, posted: Posted, member: MadeMember, now: datetime) -> tuple[UUID, str]:
    """What the receipt was bought as in the programme's shop: (a voucher, its digits)."""
    sale, voucher, code = posted.purchase, uuid7(), codes.new_code()
    last, number = now.date() + timedelta(days=30), f"mark-{sale.partner}-order"
    bought = (sale.id, member.id, sale.partner, sale.outlet, sale.programme_version, number, now, last)
    await database.execute(_ORDER, *bought)
    kept = codes.sealed(resources.keyring, code, voucher)
    ends = now + timedelta(days=30)
    await database.execute(_VOUCHER, voucher, sale.id, sale.lines[0].id, codes.digest(code), kept, ends, now)
    return voucher, code


async def _version(staff: MadeStaff) -> int:
    found: int = await database.fetchval("SELECT version FROM staff WHERE id = $1", staff.id)
    return found


async def _till(partner: str, outlet: str, now: datetime) -> tuple[TillFacts, str]:
    name, channels = f"mark-{partner}-till", ["TILL", "DESK"]
    return await add_till(name, partner, outlet, kind="ORDINARY", channels=channels, now=now, scopes=EVERY_SCOPE)


async def _sell(  # noqa: PLR0917
    resources: Resources,
    till: TillFacts,
    member: MadeMember,
    service: str,
    receipt: str,
    now: datetime,
    *,
    waits: bool = False,
) -> Posted:
    priced = await quote(till, member, [goods(1000, service=service)], now)
    kind = "INSTALMENT" if waits else "CARD"
    tender = TenderPaid(kind, priced.priced.net, waits=waits)
    made = await post_purchase(
        resources, till, PurchaseCommand(receipt, str(priced.id), receipt, now, [tender]), now=now
    )
    assert isinstance(made, Posted)
    return made
