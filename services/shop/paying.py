"""What the payment of an order does to it: paid it waits for its vouchers, unpaid it is over, refunded its return ends."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.payments import PaymentState, RefundState
from loyalty.shops import OrderState, last_day
from services import programmes
from services.payments import rows as payments
from services.payments.refunding import refund
from services.payments.rows import PaymentFacts, RefundFacts
from services.shop import returning, rows, telling
from services.shop.ordering import GIVEN_BACK, KIND, ORDERS
from services.work import Work

ISSUE: Final = "shop.issue"
_LATE: Final = frozenset({"expired_on_confirmation", "expired_on_capture"})
_BACK: Final = "UPDATE shop_return SET state = $2, changed_at = $3 WHERE payment_refund_id = $1"
_STANDS: Final = {RefundState.SUCCEEDED: "PAID", RefundState.CANCELED: "STUCK", RefundState.ASKING: "SENT"}


class ShopOrders:
    """Orders of the shop as payments know them."""

    kind = KIND

    async def lock(self, tx: Work, subject: UUID) -> None:
        """The order, before its payment."""
        await rows.locked(tx, subject)

    async def paid(self, tx: Work, payment: PaymentFacts, now: datetime) -> bool:
        """The money is there: have the vouchers issued. False for an order that was dropped meanwhile."""
        held = await rows.locked(tx, payment.subject)
        if held is None or held.state is not OrderState.OFFERED:
            return False
        at = payment.paid_at or now
        programme = await programmes.version(held.programme_version)
        zone = programme.outlets_by_id[held.outlet].time_zone
        await rows.change(
            tx, held.id, now, state="PAID", paid_at=at, valid_until=last_day(held.goods(programme), at, zone)
        )
        await telling.tell(tx, held.member, now)
        await tx.enqueue(ISSUE, {"order_id": str(held.id)}, run_at=now, dedupe_key=str(held.id))
        ORDERS.labels(held.partner, "paid").inc()
        return True

    async def unpaid(self, tx: Work, payment: PaymentFacts, now: datetime) -> None:
        """No money came: the order is over, and says why."""
        held = await rows.locked(tx, payment.subject)
        if held is not None and held.state is OrderState.OFFERED:
            over = await payments.locked(tx, payment.id)
            was_declined = over is not None and over.state is PaymentState.CANCELED and over.reason not in _LATE
            fault = "NO_PAGE" if payment.provider_id is None else "DECLINED" if was_declined else "NOT_PAID"
            await rows.change(tx, held.id, now, state="CANCELLED", fault=fault)
            await telling.tell(tx, held.member, now)
            ORDERS.labels(held.partner, "not paid").inc()

    async def refunded(self, tx: Work, payment: PaymentFacts, refund: RefundFacts, now: datetime) -> None:
        """The money of a return went back, or somebody must see to it."""
        await tx.execute(_BACK, refund.id, _STANDS[refund.state], now)
        await telling.tell(tx, payment.member, now)

    async def give_up(self, tx: Work, thing: UUID, now: datetime) -> bool:
        """An order that was never issued is over and paid back in full; a return's money goes without its books."""
        held = await rows.locked(tx, thing)
        if held is None:
            if not await returning.send_money(tx, thing, now):
                return False
            await tx.enqueue(returning.JOB, {"return_id": str(thing)}, run_at=now)
            return True
        if held.state is not OrderState.PAID:
            return False
        payment = await payments.of_subject(KIND, held.id)
        assert payment is not None  # noqa: S101 - it was paid by one
        await refund(tx, payment.id, held.net, reason=GIVEN_BACK, key="given_up", now=now)
        await rows.change(tx, held.id, now, state="CANCELLED", fault=GIVEN_BACK)
        # Perhaps it was posted and not issued: the job that issues takes the books of such an order back.
        await tx.enqueue(ISSUE, {"order_id": str(held.id)}, run_at=now)
        await telling.tell(tx, held.member, now)
        ORDERS.labels(held.partner, "given back").inc()
        return True


SUBJECT: Final = ShopOrders()
