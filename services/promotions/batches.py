"""Promo codes that the staff makes: a batch small enough for one transaction, told once in its answer, noted in the log."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Self
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import day_ends
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from models.database import Record
from models.ids import uuid7
from services import once, programmes
from services.audit import Actor
from services.keyring import Keyring
from services.promotions import making
from services.promotions.codes import digest, normal
from services.promotions.making import Order
from services.resources import Resources
from services.staff.acting import acting, reason_of
from services.work import Violation, Work

RIGHT: Final = "campaign.approve"
OPERATION: Final = "makePromoCodes"
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


@dataclass(frozen=True, slots=True)
class Wish:
    """An order under a key, or under none: which batch it becomes, and the secret that its codes are drawn from."""

    order: Order
    last_day: date | None
    keyring: Keyring
    batch: UUID
    secret: bytes | None

    @classmethod
    def of(cls, actor: Actor, order: Order, last_day: date | None, key: str | None, keyring: Keyring) -> Self:
        """The wish of somebody. Without a key it is another one every time."""
        if key is None:
            return cls(order, last_day, keyring, uuid7(), None)
        caller, text = actor.id or UUID(int=0), once.key_text(key)
        return cls(order, last_day, keyring, once.claim_of(caller, OPERATION, text), f"{caller}|{text}|".encode())

    def drawn(self) -> list[str]:
        """The codes: by chance, or out of the key, which draws the same ones again."""
        return making.drawn(self.keyring, self.order, self.order.count, self.secret)

    async def is_first(self, tx: Work, now: datetime) -> bool:
        """Claim the key, if there is one. Raises KEY_REUSED."""
        if self.secret is None:
            return True
        order, code = self.order, normal(self.order.code or "")
        # Of a word for everybody the digest that is kept of it anyway: a plain hash could be tried against.
        word = None if code is None else digest(self.keyring, code).hex()
        body = once.body_of(order.campaign, order.label, order.count, order.uses, self.last_day, word)
        return await once.is_first(tx, self.batch, OPERATION, body=body, about=self.batch, now=now)

    async def told_again(self) -> tuple[Batch, list[str]]:
        """What the first call under the key was answered. Raises KEY_REUSED once the key of the house is another one."""
        (row,) = await making.batches(1, batch=self.batch)
        codes = self.drawn()
        if not await making.are_of(self.batch, self.keyring, codes):
            raise Refusal(Code.KEY_REUSED, "promo.told_before", field="input.idempotencyKey")
        return _batch(row), codes


async def batches_of(campaign: str) -> list[Batch]:
    """The batches of a campaign made last, fifty at most."""
    return [_batch(row) for row in await making.batches(SHOWN_MAX, campaign)]


async def make(
    actor: Actor,
    order: Order,
    last_day: date | None,
    *,
    reason: str,
    resources: Resources,
    now: datetime,
    key: str | None = None,
) -> tuple[Batch, list[str]]:
    """Make codes for whoever shows them, until the end of a local day; they are told here and nowhere else.

    A repetition under the same key hears the same codes: they are drawn from the key and the house's own, since none is
    kept. Raises NOT_FOUND for a campaign that takes none, INVALID_INPUT for a faulty order or a code that is there
    already, KEY_REUSED.
    """
    why, programme = reason_of(reason, field="input.reason"), await programmes.current(now)
    wanted = _checked(order, last_day, programme)
    wish = Wish.of(actor, wanted, last_day, key, resources.keyring)
    try:
        async with acting(actor, RIGHT, "promo.make", resources=resources, now=now, reason=why) as act:
            if not await wish.is_first(act.tx, now):
                return await wish.told_again()
            if last_day is not None and last_day < business_date(now, programme.time_zone):
                raise Refusal(Code.INVALID_INPUT, "promo.until", field="input.until")
            await making.check(wanted, now, path="input.")
            batch = await making.begin(act.tx, wanted, wish.batch, now)
            codes = wish.drawn()
            await making.write(act.tx, resources.keyring, wanted, batch, codes)
            kept = {"campaign": wanted.campaign, "label": wanted.label, "codes": len(codes), "uses": wanted.uses}
            until = {} if last_day is None else {"until": last_day.isoformat()}
            act.record("promo_batch", batch, after=kept | until)
    except Violation:
        if wanted.code is None:
            raise  # two invented codes alike: a fault, and no answer to a person
        raise Refusal(Code.INVALID_INPUT, "promo.taken", field="input.code") from None
    made = (batch, wanted.campaign, wanted.label, len(codes), wanted.uses, 0, wanted.ends_at, now, None)
    return Batch(*made), codes


async def cancel(actor: Actor, batch: UUID, *, reason: str, resources: Resources, now: datetime) -> None:
    """Let no code of a batch open anything any more; what was given by it stands. Raises NOT_FOUND where nothing is open."""
    why = reason_of(reason)
    async with acting(actor, RIGHT, "promo.cancel", resources=resources, now=now, reason=why) as act:
        if not await making.cancel(batch, now):
            raise Refusal(Code.NOT_FOUND, "promo.no_batch", field="batch")
        act.record("promo_batch", batch, before={"cancelled": False}, after={"cancelled": True})


def _checked(order: Order, last_day: date | None, programme: Programme) -> Order:
    if not 1 <= order.count <= COUNT_MAX or (order.code is not None and order.count != 1):
        raise Refusal(Code.INVALID_INPUT, "promo.count", field="input.count", most=COUNT_MAX)
    if not 1 <= order.uses <= USES_MAX:
        raise Refusal(Code.INVALID_INPUT, "promo.uses", field="input.uses", most=USES_MAX)
    label = clean(order.label, field="input.label", length_max=LABEL_LENGTH_MAX).strip()
    return replace(order, label=label, ends_at=None if last_day is None else day_ends(last_day, programme.time_zone))


def _batch(row: Record) -> Batch:
    made = (row["id"], row["campaign"], row["label"], row["codes"], row["uses"], row["used"])
    return Batch(*made, row["ends_at"], row["created_at"], row["cancelled_at"])
