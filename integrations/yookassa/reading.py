"""What YooKassa answers and posts, as values. Whatever is not as documented is no answer, and nobody guesses."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from integrations.payments import PaymentFate, PaymentHint, PaymentTold, RefundTold
from integrations.ports import Unavailable, Unreadable
from loyalty.money import parse_money

ORDER: Final = "order_id"
CURRENCY: Final = "RUB"
REASON_CHARACTERS_MAX: Final = 64
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SUM: Final = re.compile(r"[0-9]{1,10}\.[0-9]{2}")
_FATES: Final = {
    "pending": PaymentFate.PENDING,
    # Money that is only held: with `capture` it never stays so, and nothing is sold for it.
    "waiting_for_capture": PaymentFate.PENDING,
    "succeeded": PaymentFate.SUCCEEDED,
    "canceled": PaymentFate.CANCELED,
}


def payment_of(body: Mapping[str, Any]) -> PaymentTold:
    """A payment. Raises `Unavailable` for what is none."""
    confirmation = body.get("confirmation")
    page = confirmation.get("confirmation_url") if isinstance(confirmation, dict) else None
    return PaymentTold(
        id=_id(body.get("id")),
        fate=_fate(body),
        amount=_amount(body.get("amount")),
        order=_order(body.get("metadata")),
        page=page if isinstance(page, str) and urlsplit(page).scheme in {"https", "http"} else None,
        reason=_reason(body),
    )


def refund_of(body: Mapping[str, Any]) -> RefundTold:
    """A refund. Raises `Unavailable` for what is none."""
    return RefundTold(
        id=_id(body.get("id")),
        fate=_fate(body),
        amount=_amount(body.get("amount")),
        payment=_id(body.get("payment_id")),
        reason=_reason(body),
        made_at=_moment(body.get("created_at")),
    )


def refunds_of(body: Mapping[str, Any]) -> tuple[list[RefundTold], str | None]:
    """(refunds, where the list goes on) of a page. Raises `Unavailable` for what is none: half a list proves nothing."""
    items, following = body.get("items"), body.get("next_cursor")
    if body.get("type") != "list" or not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise Unavailable("answered something that is no list")
    return [refund_of(one) for one in items], None if following is None else _id(following)


def hint_of(body: bytes) -> PaymentHint:
    """What a notification points at. Raises `Unreadable`."""
    try:
        told = json.loads(body)
    except ValueError:
        raise Unreadable("no JSON") from None
    if not isinstance(told, dict) or told.get("type") != "notification":
        raise Unreadable("no notification")
    event, subject = told.get("event"), told.get("object")
    number = subject.get("id") if isinstance(subject, dict) else None
    if not isinstance(event, str) or event.partition(".")[0] not in {"payment", "refund"}:
        raise Unreadable("an event that nobody asked for")
    if not isinstance(number, str) or not _ID.fullmatch(number):
        raise Unreadable("no id of an object")
    return PaymentHint(event[:64], number, is_refund=event.startswith("refund."))


def _id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Unavailable("answered an object without an id")
    return value


def _fate(body: Mapping[str, Any]) -> PaymentFate:
    fate = _FATES.get(str(body.get("status")))
    if fate is None:
        raise Unavailable("answered a status that nobody knows")
    return fate


def _amount(value: Any) -> int:
    told = value if isinstance(value, dict) else {}
    text = told.get("value")
    if told.get("currency") != CURRENCY or not isinstance(text, str) or not _SUM.fullmatch(text):
        raise Unavailable("answered a sum that is none in roubles")
    return parse_money(text)


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _order(metadata: Any) -> UUID | None:
    try:
        return UUID(metadata[ORDER])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _reason(body: Mapping[str, Any]) -> str | None:
    details = body.get("cancellation_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    return reason[:REASON_CHARACTERS_MAX] if isinstance(reason, str) else None
