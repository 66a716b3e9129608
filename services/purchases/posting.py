"""One purchase from a quote: the key first, then the price again, then facts and balances in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.business_days import business_date
from loyalty.cashiers import cashier_of
from loyalty.programme import Programme, Tier
from loyalty.promotions.boosts import boost_of
from loyalty.purchases import BasketLine, Priced, prices_alike
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from loyalty.tiers import Facts, stand
from models import database, history
from models.database import Record, Unreachable, statement
from models.history import PurchaseFacts
from services import once, programmes, quotes
from services.control import limits
from services.crowds import in_line
from services.families.telling import tell_others
from services.gathering import Gathering
from services.identify import not_accepted
from services.instalments import holding
from services.points.quoting import Wish
from services.promotions import writing as promoted
from services.promotions.pricing import Basket, Pricing, price_basket
from services.purchases import batches, paying, writing
from services.quotes import Quoted, QuotedFor
from services.resources import Resources
from services.tiers import clockwork
from services.tiers.reading import NOBODY, Kin, facts_of, grant_of, kin_of
from services.tiers.writing import guard_of
from services.tills import TillFacts, place_of

CLOSED_BEFORE: Final = timedelta(hours=24)
CLOSED_AHEAD: Final = timedelta(minutes=5)
RECEIPT_MAX: Final = 64
TENDERS_MAX: Final = 20
TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class TenderPaid:
    """A part of the payment, in kopecks; `waits` where a bank has still to confirm it."""

    kind: str
    amount: int
    waits: bool = False


@dataclass(frozen=True, slots=True)
class PurchaseCommand:
    """What a till asks to post."""

    key: str
    quote: str
    receipt_number: str
    closed_at: datetime
    tenders: Sequence[TenderPaid]
    cashier: str | None = None  # who stands there, by the till's own sign


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted receipt, the member's accumulated sum after it, and whether it brought a new tier."""

    purchase: PurchaseFacts
    accumulated: int
    raised: bool
    programme: Programme
    points: int | None = None  # what the guest can spend afterwards; None where no points moved
    tier: str | None = None  # where the sum alone does not tell it


@dataclass(frozen=True, slots=True)
class Repriced:
    """The price has changed since the quote: a fresh one, usable at once. Nothing was posted."""

    quote: Quoted


async def post_purchase(
    resources: Resources, till: TillFacts, command: PurchaseCommand, *, now: datetime
) -> Posted | Repriced:
    """Post a receipt by its quote, once per key and once per receipt (outlet, number, business date).

    Raises INVALID_INPUT, KEY_REUSED, NOT_FOUND for a quote of another till, QUOTE_EXPIRED, QUOTE_USED, RECEIPT_EXISTS,
    TENDERS_DO_NOT_ADD_UP, CARD_NOT_ACCEPTED, LIMIT_REACHED for what would pass a hard limit of the programme,
    HOLD_EXPIRED and SPENDING_NOT_CONFIRMED for what is paid with points, and BUSY when too many post for one member.
    """
    till.require("EARN")
    key = once.key_text(command.key)
    receipt = clean(command.receipt_number, field="input.receiptNumber", length_max=RECEIPT_MAX)
    _check_tenders(command.tenders, has_points=(await programmes.current(now)).points is not None)
    tenders = [(tender.kind, tender.amount) for tender in command.tenders]
    added = ["waits"] if holding.waits(command.tenders, field="input.tenders") else []
    if cashier_of(command.cashier, field="input.cashier") is not None:
        added.append(f"cashier {command.cashier}")
    claim = once.claim_of(till.id, "postPurchase", key)
    body = once.body_of(command.quote, receipt, command.closed_at, tenders, *added)
    quote = _quote_id(command.quote)
    found = await _facts(claim, quote, now)
    if found["body_sha256"] is not None:
        return await _replayed(found, body)
    if found["quote"] is None or found["till_id"] != till.id:
        raise Refusal(Code.NOT_FOUND, "purchase.quote_unknown", field="input.quote")
    async with in_line(found["member_id"]) as patience:
        for _ in range(TRIES):
            if found["body_sha256"] is not None:
                return await _replayed(found, body)
            answer = await _attempt(
                resources,
                till,
                command,
                receipt=receipt,
                claim=claim,
                body=body,
                found=found,
                patience=patience,
                now=now,
            )
            if answer is not None:
                return answer
            programmes.refresh()
            found = await _facts(claim, quote, now)
    raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)


async def _read_facts(wanted: list[tuple[UUID, UUID, bool]]) -> list[Record]:
    claims, made = [claim for claim, _, _ in wanted], [quote for _, quote, _ in wanted]
    return await database.fetch(statement("posting_facts"), claims, made, any(shares for _, _, shares in wanted))


_FACTS: Final = Gathering(_read_facts)


async def _facts(claim: UUID, quote: UUID, now: datetime) -> Record:
    """What is known before the price: tills that post in the same moment share the statement, not the answer."""
    return await _FACTS.ask((claim, quote, (await programmes.current(now)).shares_progress))


async def _attempt(
    resources: Resources,
    till: TillFacts,
    command: PurchaseCommand,
    *,
    receipt: str,
    claim: UUID,
    body: bytes,
    found: Record,
    patience: float,
    now: datetime,
) -> Posted | Repriced | None:
    """One try: None when the facts moved between reading and writing, and everything must be read again."""
    programme = await programmes.current(now)
    if (kin := await _settled(programme, found, now)) is None:
        return None
    day = _business_day(programme, till, command.closed_at)
    _check_quote(found, till, receipt=receipt, day=day, closed_at=command.closed_at, now=now)
    facts = await facts_of(programme, found["member_id"], found["accumulated"], grant_of(found), now, kin=kin)
    tier, waits = stand(programme, facts, now).tier, holding.waits(command.tenders, field="input.tenders")
    pricing = await _price_again(programme, till, tier, found, waits=waits)
    fresh, hold = pricing.priced, paying.reserved(found)
    quoted = Priced(quotes.read_lines(found["lines"]), found["gross"], found["discount"], found["net"], 0)
    if not prices_alike(quoted, fresh) or paying.too_much(programme, hold, fresh):
        wish = None if hold is None or programme.points is None else Wish(hold.points, patience, bool(hold.from_family))
        return Repriced(await quotes.keep(_made_for(till, found), programme, tier.id, fresh, now, wish=wish))
    tenders, counted = _payments(command, fresh), 0 if waits else fresh.accumulated
    points = await paying.points_of(till, found, programme, fresh, tenders, closed_at=command.closed_at, now=now)
    if points is None:
        return None
    item = writing.item_of(
        till=till,
        found=dict(found),
        claim=claim,
        body=body,
        receipt=receipt,
        day=day,
        closed_at=command.closed_at,
        programme=programme,
        tier=tier,
        priced=fresh,
        tenders=tenders,
        guard=_guard(programme, facts, found, counted, kin=kin, closed_at=command.closed_at, now=now, priced=fresh),
        points=points,
        cashier=command.cashier,
    )
    item |= promoted.of_item(programme, pricing, promoted.read_codes(found["promotions"]), item["lines"])
    item |= limits.of_receipt(programme.control, net=fresh.net, points=points.item)
    item = holding.held_back(item, points, programme, resources, now) if waits else item
    outcome, answer = await batches.submit(item, now, patience=patience)
    if outcome == "POSTED" and answer is not None:
        resources.bus.publish(found["member_id"], "PURCHASE_POSTED", item["purchase"], now)
        if found["hold_from_family"] or kin.others:
            await tell_others(resources, found["member_id"], now)
        return _posted(answer, writing.facts_of(item, fresh), programme, found)
    if outcome == "REPLAY" and answer is not None:
        return await _told(answer, found)
    if outcome == "CHANGED":
        return None
    raise _refused(outcome, programme)


def _payments(command: PurchaseCommand, fresh: Priced) -> list[tuple[str, int]]:
    """What was paid, (kind, kopecks). A till may name every kind it has; what nothing was paid with is no payment."""
    tenders = [(tender.kind, tender.amount) for tender in command.tenders if tender.amount]
    if sum(amount for _, amount in tenders) != fresh.net:
        raise Refusal(Code.TENDERS_DO_NOT_ADD_UP, "purchase.tenders", field="input.tenders")
    return tenders


async def _settled(programme: Programme, found: Record, now: datetime) -> Kin | None:
    """With whom the member shares progress; None where a newer version is in force, or time has left a tier of theirs to write.

    What it has left is written now.
    """
    if programme.version != found["version"]:
        return None
    kin = NOBODY if found["family_id"] is None else await kin_of(programme, found["member_id"])
    if (found["tier_until"] is None or found["tier_until"] > now) and not kin.is_due(now):
        return kin
    await clockwork.settle_member(found["member_id"], now)
    return None


def _guard(
    programme: Programme,
    facts: Facts,
    found: Record,
    counted: int,
    *,
    kin: Kin,
    closed_at: datetime,
    now: datetime,
    priced: Priced,
) -> Mapping[str, Any]:
    version, family = found["standing_version"], kin.family
    boost = boost_of(programme, priced, facts, now)
    return guard_of(
        programme, facts, version, counted=counted, closed_at=closed_at, now=now, family=family, boost=boost
    )


def _made_for(till: TillFacts, found: Record) -> QuotedFor:
    by_phone = found["by_phone"] is not False
    codes = promoted.read_codes(found["promotions"])
    return QuotedFor(till, found["ticket_id"], found["member_id"], found["card_id"], found["channel"], by_phone, codes)


def _refused(outcome: str, programme: Programme) -> Refusal:
    if limits.is_limit(outcome):
        return limits.refusal(outcome, programme.control, field="input.quote")
    return {
        "RECEIPT_EXISTS": receipt_exists(),
        "QUOTE_USED": _quote_used(),
        "KEY_REUSED": once.key_reused(),
        "CARD_NOT_ACCEPTED": not_accepted(),
    }.get(outcome, Unreachable(unknown=True))


async def _replayed(found: Record, body: bytes) -> Posted:
    answer: str | None = found["answer"]
    if bytes(found["body_sha256"]) != body:
        raise once.key_reused()
    if answer is None:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
    return await _told(orjson.loads(answer), found)


async def _told(answer: dict[str, Any], found: Record) -> Posted:
    """The stored answer again, as it was on the day, whatever was refunded since."""
    row = await history.any_purchase(UUID(answer["purchase"]))
    facts = row.as_waiting() if answer.get("waits") else row.as_posted()
    return _posted(answer, facts, await programmes.version(answer["version"]), found)


def _posted(answer: dict[str, Any], facts: PurchaseFacts, programme: Programme, found: Record) -> Posted:
    reached = (answer["accumulated"], answer["raised"])
    return Posted(facts, *reached, programme, _points_left(answer, found), answer.get("tier"))


def _points_left(answer: dict[str, Any], found: Record) -> int | None:
    """What the guest can spend afterwards, for a till that was shown a code: a told number may be anybody's."""
    left: int | None = answer.get("points")
    return left if found["by_phone"] is False else None


async def _price_again(programme: Programme, till: TillFacts, tier: Tier, found: Record, *, waits: bool) -> Pricing:
    """The price by the rules of now, in the moment of the quote: an hour that ends meanwhile takes no promise back."""
    basket = [
        BasketLine(line.service, line.name, line.quantity, line.gross) for line in quotes.read_lines(found["lines"])
    ]
    codes = promoted.read_codes(found["promotions"])
    standing = (found["channel"], tier.id, found["accumulated"])
    made = Basket(
        found["member_id"], till.partner, till.outlet, *standing, basket, found["quoted_at"], codes, waits=waits
    )
    return await price_basket(programme, made)


def _business_day(programme: Programme, till: TillFacts, closed_at: datetime) -> date:
    _, outlet = place_of(till, programme)
    return business_date(closed_at, outlet.time_zone)


def _check_quote(
    found: Record, till: TillFacts, *, receipt: str, day: date, closed_at: datetime, now: datetime
) -> None:
    if found["purchase_id"] is not None:
        same = (found["used_outlet"], found["used_receipt"], found["used_date"]) == (till.outlet, receipt, day)
        raise receipt_exists() if same else _quote_used()
    # By the hour of the receipt, which the till vouches for: a guest who paid in time is posted when the network is back.
    if found["expires_at"] <= min(now, closed_at):
        raise Refusal(Code.QUOTE_EXPIRED, "purchase.quote_expired", field="input.quote")
    if not now - CLOSED_BEFORE <= closed_at <= now + CLOSED_AHEAD:
        raise Refusal(Code.INVALID_INPUT, "purchase.closed_at", field="input.closedAt")
    if (found["member_status"], found["card_status"]) != ("ACTIVE", "ACTIVE"):
        raise not_accepted()


def _check_tenders(tenders: Sequence[TenderPaid], *, has_points: bool) -> None:
    if len(tenders) > TENDERS_MAX:
        raise Refusal(Code.INVALID_INPUT, "purchase.too_many_tenders", field="input.tenders", tenders_max=TENDERS_MAX)
    for place, tender in enumerate(tenders):
        if tender.kind == paying.POINTS and not has_points:
            raise Refusal(Code.INVALID_INPUT, "purchase.no_points", field=f"input.tenders.{place}.kind")


def _quote_id(quote: str) -> UUID:
    try:
        return UUID(quote)
    except ValueError:
        raise Refusal(Code.NOT_FOUND, "purchase.quote_unknown", field="input.quote") from None


def receipt_exists() -> Refusal:
    """The refusal of a receipt number that the outlet has posted that day already."""
    return Refusal(Code.RECEIPT_EXISTS, "purchase.receipt_exists", field="input.receiptNumber")


def _quote_used() -> Refusal:
    return Refusal(Code.QUOTE_USED, "purchase.quote_used", field="input.quote")
