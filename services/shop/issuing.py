"""An order that was paid becomes a purchase, once, and its vouchers: however often the job runs and wherever it dies."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.shops import CHANNEL, OrderState, ends_at
from models import database
from models.ids import uuid7
from services import letters, once, programmes
from services.letter_words import Kind
from services.payments.refunding import refund
from services.payments.rows import of_subject
from services.purchases.direct import DirectSale, post_directly, system_till
from services.refunds import RefundCommand, refund_purchase
from services.resources import Resources
from services.shop import codes, rows, telling
from services.shop.ordering import GIVEN_BACK, KIND, ORDERS
from services.shop.rows import OrderFacts
from services.shop.shelves import Shelved, priced
from services.tills import TillFacts
from services.work import work

TILL: Final = "Магазин программы"
OPERATION: Final = "countShopOrder"
_LINES: Final = "SELECT id, net FROM purchase_line WHERE purchase_id = $1 ORDER BY position"
_IS_POSTED: Final = "SELECT EXISTS (SELECT FROM purchase WHERE id = $1)"
_INSERT: Final = """
INSERT INTO shop_voucher (id, order_id, position, line_id, code_sha256, sealed, state, net, ends_at, issued_at)
VALUES ($1, $2, $3, $4, $5, $6, 'ISSUED', $7, $8, $9)
"""


async def issue(order: UUID, resources: Resources, now: datetime) -> None:
    """Post the purchase of a paid order and issue its vouchers. Raises BUSY to come again.

    A member whose card was blocked after paying gets the money back instead: nothing was sold. Of an order whose money
    a person has had given back, what was posted is taken back.
    """
    held = await rows.find(order)
    if held is not None and held.fault == GIVEN_BACK:
        await _take_back(held, resources, now)
    if held is None or held.state is not OrderState.PAID:
        return
    try:
        await post_directly(resources, await _sale(held, now), now)
    except Refusal as refusal:
        if refusal.code is not Code.CARD_NOT_ACCEPTED:
            raise
        await _give_back(held, resources, now)
        return
    if await _give_out(held, resources, now):
        ORDERS.labels(held.partner, "issued").inc()
    else:
        # Somebody was quicker: issued it, or had its money given back while it was posted.
        await issue(order, resources, now)


async def _give_out(held: OrderFacts, resources: Resources, now: datetime) -> bool:
    """Issue the vouchers of an order that was posted; False where it waits for them no more."""
    programme = await programmes.version(held.programme_version)
    zone = programme.outlets_by_id[held.outlet].time_zone
    async with work() as tx:
        fresh = await rows.locked(tx, held.id)
        if fresh is None or fresh.state is not OrderState.PAID or fresh.valid_until is None:
            return False
        end = ends_at(fresh.valid_until, zone)
        for position, line in enumerate(await tx.fetch(_LINES, held.id)):
            voucher, code = uuid7(), codes.new_code()
            kept = codes.sealed(resources.keyring, code, voucher)
            facts = (voucher, held.id, position, line["id"], codes.digest(code), kept, line["net"], end, now)
            await tx.execute(_INSERT, *facts)
        await rows.change(tx, held.id, now, state="ISSUED", purchase_id=held.id)
        await letters.ask(tx, Kind.VOUCHERS, held.member, now, about=held.id)
        await telling.tell(tx, held.member, now, resources)
    return True


async def _take_back(held: OrderFacts, resources: Resources, now: datetime) -> None:
    """Return the receipt of an order, if it came to one. Running twice moves nothing twice."""
    assert held.paid_at is not None  # noqa: S101 - there was money to give back
    if not await database.fetchval(_IS_POSTED, held.id):
        return
    command = RefundCommand(
        key=str(held.id),
        purchase=held.id,
        receipt_number=None,
        business_date=None,
        refund_number=held.number,
        refunded_at=held.paid_at,
        lines=None,
        is_told=True,
    )
    await refund_purchase(resources, await shop_till(held, now), command, now=now)


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
