"""Answers of the interface for plugins: what use cases found, in JSON; sums are strings with two digits."""

from collections.abc import Mapping
from typing import Any, Final

from graph.programme.reasons import tell
from graph.promotions.types import promotions_of
from graph.purchases.types import status_of
from graph.scalars import print_moment
from graph.words import Locale, sentence
from loyalty.money import print_money, print_percent, print_quantity
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from loyalty.tiers import progress
from models.history import PurchaseFacts
from services.identify import Identified
from services.pos.closing import Closed
from services.pos.menu import CHANNEL
from services.pos.orders import Order
from services.pos.quoting import OrderQuote
from services.pos.returning import Returned

Told = dict[str, Any]

STATUS: Final[Mapping[Code, int]] = {
    Code.INVALID_INPUT: 400,
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.KEY_REUSED: 422,
    Code.LIMIT_REACHED: 429,
    Code.BUSY: 503,
    Code.INTERNAL: 500,
}
REFUSED: Final = 409
"""Every other refusal: the state of things says no."""


def problem(refusal: Refusal, locale: Locale, request_id: str) -> Told:
    """A refusal as a plugin reads it: the code of the contract, a sentence for the cashier, the path of the value."""
    told: Told = {
        "status": STATUS.get(refusal.code, REFUSED),
        "code": refusal.code.value,
        "message": sentence(refusal.words, locale, refusal.facts),
        "retryable": refusal.retryable,
        "requestId": request_id,
    }
    if refusal.field is not None:
        told["field"] = refusal.field.removeprefix("input.")
    if refusal.retry_after_seconds is not None:
        told["retryAfterSeconds"] = refusal.retry_after_seconds
    return told


def identified(found: Identified, locale: Locale) -> Told:
    """The guest of an accepted code: first name, tier, and what orders are priced by here; a till may have other channels, too."""
    return {
        "ours": True,
        "ticket": str(found.ticket),
        "expiresAt": print_moment(found.expires_at),
        "guest": {
            "firstName": found.first_name,
            "tier": {"id": found.tier.id, "name": found.tier.name.in_locale(locale)},
        },
        "rules": [
            {
                "service": rule.service,
                "discountPercent": print_percent(rule.basis_points),
                "accumulates": rule.accumulates,
            }
            for rule in found.rules
            if rule.channel == CHANNEL
        ],
    }


def quoted(made: OrderQuote, locale: Locale) -> Told:
    """A price of an order, line by line."""
    priced, programme = made.quoted.priced, made.quoted.programme
    lines = [
        {
            **({"item": str(made.items[place])} if made.items else {}),
            "service": line.service,
            "gross": print_money(line.gross),
            "discount": print_money(line.discount),
            "net": print_money(line.net),
            "accumulates": line.accumulates,
            "reasons": [
                {"code": code, "text": text}
                for code, text in tell([reason.stored() for reason in line.reasons], programme, locale)
            ],
        }
        for place, line in enumerate(priced.lines)
    ]
    return {
        "quote": str(made.quoted.id),
        "tier": made.tier.id,
        "gross": print_money(priced.gross),
        "discount": print_money(priced.discount),
        "net": print_money(priced.net),
        "lines": lines,
        "campaigns": [
            {
                "campaign": str(one.campaign),
                "name": one.name,
                "state": one.state.value,
                "discount": print_money(one.discount),
                "points": one.points,
                "reasons": [{"code": reason.code, "text": reason.text} for reason in one.reasons],
            }
            for one in promotions_of(priced.outcomes, programme, locale)
        ],
        "unmappedGroups": list(made.unmapped),
    }


def order(found: Order | None) -> Told:
    """Whose an order is, for a terminal that has not scanned."""
    has_guest = found is not None and found.cancelled_at is None
    return {
        "hasGuest": has_guest,
        "quote": None if found is None or not has_guest or found.quote is None else str(found.quote),
        "reserved": found is not None and has_guest and found.reserved_at is not None,
        "closed": found is not None and found.items is not None,
    }


def closed(made: Closed | None, locale: Locale) -> Told:
    """What became of a closed order."""
    if made is None:
        return {"result": "NO_GUEST"}
    reached = progress(made.programme, made.accumulated, made.tier)
    return {
        "result": "POSTED",
        "purchase": _purchase(made.purchase),
        "progress": {
            "tier": {"id": reached.tier.id, "name": reached.tier.name.in_locale(locale)},
            "accumulated": print_money(reached.accumulated),
            "left": None if reached.left is None else print_money(reached.left),
        },
        "tierRaised": made.raised,
    }


def refunded(made: Returned | None) -> Told:
    """What became of a refund."""
    if made is None:
        return {"result": "WAITING"}
    return {
        "result": "REFUNDED",
        "refund": {
            "id": str(made.refund.id),
            "number": made.refund.number,
            "net": print_money(made.refund.net),
            "discount": print_money(made.refund.discount),
        },
        "purchase": _purchase(made.purchase) | {"status": status_of(made.purchase).value},
    }


def services_of(programme: Programme, partner: str, channels: tuple[str, ...], locale: Locale) -> list[Told]:
    """What a partner sells through a till's channels."""
    house = programme.partners_by_id[partner]
    return [
        {"id": service.id, "name": service.name.in_locale(locale)}
        for service in house.services
        if set(service.channels) & set(channels)
    ]


def _purchase(facts: PurchaseFacts) -> Told:
    return {
        "id": str(facts.id),
        "receiptNumber": facts.receipt_number,
        "businessDate": facts.business_date.isoformat(),
        "gross": print_money(facts.gross),
        "discount": print_money(facts.discount),
        "net": print_money(facts.net),
        "accumulated": print_money(facts.accumulated),
        "refunded": print_money(facts.refunded_net),
        "lines": [
            {
                "service": line.service,
                "name": line.name,
                "quantity": print_quantity(line.quantity),
                "discount": print_money(line.discount),
                "net": print_money(line.net),
            }
            for line in facts.lines
        ],
    }
