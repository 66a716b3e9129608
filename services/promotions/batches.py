"""Promo codes that the staff makes: a batch small enough for one transaction, told once in its answer, noted in the log."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import day_ends
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from models.database import Record
from services import programmes
from services.audit import Actor
from services.promotions import making
from services.promotions.making import Order
from services.resources import Resources
from services.staff.acting import acting, reason_of
from services.work import Violation

RIGHT: Final = "campaign.approve"
COUNT_MAX: Final = making.AT_ONCE
USES_MAX: Final = 1_000_000
LABEL_LENGTH_MAX: Final = 100
SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes that were made together: how many, for how many uses each, and how often they were used."""

    id: UUID
    campaign: str
    label: str
    codes: int
    uses: int
    used: int
    ends_at: datetime | None
    created_at: datetime
    cancelled_at: datetime | None


async def batches_of(campaign: str) -> list[Batch]:
    """The batches of a campaign made last, fifty at most."""
    return [_batch(row) for row in await making.batches(SHOWN_MAX, campaign)]


async def make(
    actor: Actor, order: Order, last_day: date | None, *, reason: str, resources: Resources, now: datetime
) -> tuple[Batch, list[str]]:
    """Make codes for whoever shows them, until the end of a local day; they are told here and nowhere else.

    Raises NOT_FOUND for a campaign that takes none, INVALID_INPUT for a faulty order or a code that is there already.
    """
    why, programme = reason_of(reason, field="input.reason"), await programmes.current(now)
    if not 1 <= order.count <= COUNT_MAX or (order.code is not None and order.count != 1):
        raise Refusal(Code.INVALID_INPUT, "promo.count", field="input.count", most=COUNT_MAX)
    if not 1 <= order.uses <= USES_MAX:
        raise Refusal(Code.INVALID_INPUT, "promo.uses", field="input.uses", most=USES_MAX)
    if last_day is not None and last_day < business_date(now, programme.time_zone):
        raise Refusal(Code.INVALID_INPUT, "promo.until", field="input.until")
    label = clean(order.label, field="input.label", length_max=LABEL_LENGTH_MAX).strip()
    ends = None if last_day is None else day_ends(last_day, programme.time_zone)
    wanted = replace(order, label=label, ends_at=ends)
    await making.check(wanted, now, path="input.")
    try:
        async with acting(actor, RIGHT, "promo.make", resources=resources, now=now, reason=why) as act:
            batch = await making.begin(act.tx, wanted, now)
            codes = await making.write(act.tx, resources.keyring, wanted, batch, wanted.count)
            kept = {"campaign": wanted.campaign, "label": label, "codes": len(codes), "uses": wanted.uses}
            until = {} if last_day is None else {"until": last_day.isoformat()}
            act.record("promo_batch", batch, after=kept | until)
    except Violation:
        if wanted.code is None:
            raise  # two invented codes alike: a fault, and no answer to a person
        raise Refusal(Code.INVALID_INPUT, "promo.taken", field="input.code") from None
    made = (batch, wanted.campaign, label, len(codes), wanted.uses, 0, ends, now, None)
    return Batch(*made), codes


async def cancel(actor: Actor, batch: UUID, *, reason: str, resources: Resources, now: datetime) -> None:
    """Let no code of a batch open anything any more; what was given by it stands. Raises NOT_FOUND where nothing is open."""
    why = reason_of(reason)
    async with acting(actor, RIGHT, "promo.cancel", resources=resources, now=now, reason=why) as act:
        if not await making.cancel(batch, now):
            raise Refusal(Code.NOT_FOUND, "promo.no_batch", field="batch")
        act.record("promo_batch", batch, before={"cancelled": False}, after={"cancelled": True})


def _batch(row: Record) -> Batch:
    made = (row["id"], row["campaign"], row["label"], row["codes"], row["uses"], row["used"])
    return Batch(*made, row["ends_at"], row["created_at"], row["cancelled_at"])
