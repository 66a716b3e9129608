"""Ordering: the price is fixed by the version in force, and the payment is opened in the same transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from integrations.payments import ReceiptLine
from loyalty.purchases import Priced
from loyalty.refusals import Code, Refusal
from loyalty.shops import QUANTITY_MAX, OrderState, number_of
from services import callers, once, programmes
from services.payments.opening import PaymentRequest, open_payment
from services.resources import Resources
from services.shop import rows
from services.shop.rows import OrderFacts
from services.shop.shelves import Shelved, item_of, priced
from services.tiers.standing import tier_of
from services.work import work

KIND: Final = "shop_order"
# What an order says whose money a person has had given back because it was never issued.
GIVEN_BACK: Final = "GIVEN_BACK"
OPERATION: Final = "startShopOrder"
LIFE: Final = timedelta(minutes=30)
HOUR_SECONDS: Final = 3600
TOLD_MAX: Final = 128
ORDERS: Final = Counter(
    "kunak_shop_orders", "Orders of the programme's shop by how they went on.", ["partner", "outcome"]
)
_INSERT: Final = """
INSERT INTO shop_order (id, body_sha256, member_id, partner, outlet, item, state, quantity, programme_version, tier, price,
    discount, number, ordered_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, 'OFFERED', $7, $8, $9, $10, $11, $12, $13, $13)
ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class OrderCommand:
    """What a member orders, and the sum in kopecks that was shown for all of it."""

    key: str
    partner: str
    item: str
    quantity: int
    net: int


@dataclass(frozen=True, slots=True)
class Dearer:
    """The price is another one now. Nothing was ordered."""

    shelved: Shelved
    net: int


async def start(resources: Resources, member: UUID, command: OrderCommand, *, now: datetime) -> OrderFacts | Dearer:
    """Order some of an item and have its payment opened. The same key and body answer the same order.

    Raises INVALID_INPUT, KEY_REUSED, NOT_FOUND for what is not sold, ENGINE_AWAY where no acquirer is connected,
    LIMIT_REACHED.
    """
    order = once.claim_of(member, OPERATION, once.key_text(command.key))
    body = once.body_of(command.partner, command.item, command.quantity, command.net)
    known = await rows.find(order)
    if known is not None:
        return _same(known, body)
    if not 1 <= command.quantity <= QUANTITY_MAX:
        raise Refusal(Code.INVALID_INPUT, "shop.quantity", field="input.quantity", most=QUANTITY_MAX)
    if resources.payments is None:
        raise Refusal(Code.ENGINE_AWAY, "shop.closed")
    limit = resources.policy.shop_orders_per_member_hour
    await callers.spend(resources, "shop.order", str(member), limit=limit, window_seconds=HOUR_SECONDS, now=now)
    programme = await programmes.current(now)
    shelved = item_of(programme, command.partner, command.item, field="input.item")
    tier = await tier_of(programme, member, now)
    sums = priced(programme, shelved, tier, command.quantity)
    if sums.net != command.net:
        return Dearer(shelved, sums.net)
    number = number_of(order.int)
    async with work() as tx:
        first = await tx.execute(
            _INSERT,
            *(order, body, member, shelved.partner.id, shelved.terms.outlet, shelved.item.id, command.quantity),
            *(programme.version, tier.id, sums.gross, sums.discount, number, now),
        )
        if first == "INSERT 0 1":
            await open_payment(tx, _payment(order, member, number, shelved, sums), now)
    made = await rows.find(order)
    assert made is not None  # noqa: S101 - it was written a moment ago, by us or by a rival with the same key
    if first == "INSERT 0 1":
        ORDERS.labels(made.partner, "ordered").inc()
    return _same(made, body)


async def cancel(member: UUID, order: UUID, now: datetime) -> OrderFacts:
    """Drop an order of mine that was not paid. What is paid for it all the same goes back by itself.

    Raises NOT_FOUND, QUOTE_USED for one that is paid.
    """
    async with work() as tx:
        held = await rows.locked(tx, order)
        if held is None or held.member != member:
            raise unknown("order")
        if held.state not in {OrderState.OFFERED, OrderState.CANCELLED}:
            raise Refusal(Code.QUOTE_USED, "shop.paid_already", field="order")
        if held.state is OrderState.OFFERED:
            await rows.change(tx, order, now, state="CANCELLED")
    made = await rows.find(order)
    assert made is not None  # noqa: S101 - orders are never deleted
    return made


def unknown(field: str) -> Refusal:
    """The refusal of an order that is nobody's or somebody else's."""
    return Refusal(Code.NOT_FOUND, "shop.no_order", field=field)


def _payment(order: UUID, member: UUID, number: str, shelved: Shelved, sums: Priced) -> PaymentRequest:
    return PaymentRequest(
        kind=KIND,
        subject=order,
        member=member,
        amount=sums.net,
        description=f"Заказ {number}, {shelved.partner.name.ru}: {shelved.item.name.ru}"[:TOLD_MAX],
        return_path=f"/shop?order={order}",
        lines=tuple(ReceiptLine(line.name[:TOLD_MAX], line.net) for line in sums.lines),
        lives=LIFE,
    )


def _same(known: OrderFacts, body: bytes) -> OrderFacts:
    if known.body_sha256 != body:
        raise once.key_reused()
    return known
