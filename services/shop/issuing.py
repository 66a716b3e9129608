"""An order that was paid becomes a purchase, once, and its vouchers: however often the job runs and wherever it dies."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.shops import CHANNEL, OrderState, ends_at
from models.ids import uuid7
from services import letters, once, programmes
from services.letter_words import Kind
from services.payments.refunding import refund
from services.payments.rows import of_subject
from services.purchases.direct import DirectSale, post_directly, system_till
from services.resources import Resources
from services.shop import codes, rows, telling
from services.shop.ordering import KIND, ORDERS
from services.shop.rows import OrderFacts
from services.shop.shelves import Shelved, priced
from services.tills import TillFacts
from services.work import work

TILL: Final = "Магазин программы"
OPERATION: Final = "countShopOrder"
_LINES: Final = "SELECT id, net FROM purchase_line WHERE purchase_id = $1 ORDER BY position"
_INSERT: Final = """
INSERT INTO shop_voucher (id, order_id, position, line_id, code_sha256, sealed, state, net, ends_at, issued_at)
VALUES ($1, $2, $3, $4, $5, $6, 'ISSUED', $7, $8, $9)
"""


async def issue(order: UUID, resources: Resources, now: datetime) -> None:
    """Post the purchase of a paid order and issue its vouchers. Raises BUSY to come again.

    A member whose card was blocked after paying gets the money back instead: nothing was sold.
    """
    held = await rows.find(order)
    if held is None or held.state is not OrderState.PAID:
        return
    try:
        await post_directly(resources, await _sale(held, now), now)
    except Refusal as refusal:
        if refusal.code is not Code.CARD_NOT_ACCEPTED:
            raise
        await _give_back(held, resources, now)
        return
    programme = await programmes.version(held.programme_version)
    zone = programme.outlets_by_id[held.outlet].time_zone
    async with work() as tx:
        fresh = await rows.locked(tx, order)
        if fresh is None or fresh.state is not OrderState.PAID or fresh.valid_until is None:
            return
        end = ends_at(fresh.valid_until, zone)
        for position, line in enumerate(await tx.fetch(_LINES, order)):
            voucher, code = uuid7(), codes.new_code()
            kept = codes.sealed(resources.keyring, code, voucher)
            facts = (voucher, order, position, line["id"], codes.digest(code), kept, line["net"], end, now)
            await tx.execute(_INSERT, *facts)
        await rows.change(tx, order, now, state="ISSUED", purchase_id=order)
        await letters.ask(tx, Kind.VOUCHERS, held.member, now, about=order)
        await telling.tell(tx, held.member, now, resources)
    ORDERS.labels(held.partner, "issued").inc()


async def shop_till(held: OrderFacts, now: datetime) -> TillFacts:
    """The till that the shop's receipts and returns of an outlet are written by."""
    return await system_till(TILL, held.partner, held.outlet, CHANNEL, now)


async def _sale(held: OrderFacts, now: datetime) -> DirectSale:
    programme = await programmes.version(held.programme_version)
    partner = programme.partners_by_id[held.partner]
    assert partner.shop is not None and held.paid_at is not None  # noqa: S101, PT018 - it was ordered there, and is paid
    shelved = Shelved(partner, partner.shop, held.goods(programme))
    return DirectSale(
        id=held.id,
        claim=once.claim_of(held.id, OPERATION, held.number),
        body=once.body_of(held.id, held.number),
        member=held.member,
        till=await shop_till(held, now),
        channel=CHANNEL,
        receipt=held.number,
        closed_at=held.paid_at,
        programme=programme,
        tier=held.tier,
        priced=priced(programme, shelved, programme.tiers_by_id[held.tier], held.quantity),
    )


async def _give_back(held: OrderFacts, resources: Resources, now: datetime) -> None:
    async with work() as tx:
        fresh = await rows.locked(tx, held.id)
        if fresh is None or fresh.state is not OrderState.PAID:
            return
        payment = await of_subject(KIND, held.id)
        assert payment is not None  # noqa: S101 - it was paid by one
        await refund(tx, payment.id, held.net, reason="CARD_NOT_ACCEPTED", key="card", now=now)
        await rows.change(tx, held.id, now, state="CANCELLED", fault="CARD")
        await telling.tell(tx, held.member, now, resources)
    ORDERS.labels(held.partner, "given back").inc()
