"""Hard limits as the statements that post and return take them, and the refusal of what would pass one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.control import Control, Limit, LimitOf, Metric, Response
from loyalty.refusals import Code, Refusal
from loyalty.texts import Text
from services.tills import TillFacts
from services.work import Work

POSTING: Final = (Metric.RECEIPTS, Metric.AMOUNT, Metric.POINTS)
RETURNING: Final = (Metric.REFUNDS,)
OWN_CARD: Final = "OWN_CARD"
PREFIX: Final = "LIMIT:"
WHOM: Final[Mapping[LimitOf, Text]] = {
    LimitOf.CARD: Text("этой карты", "this card"),
    LimitOf.MEMBER: Text("этого участника", "this member"),
    LimitOf.TILL: Text("этой кассы", "this till"),
    LimitOf.CASHIER: Text("этого кассира", "this cashier"),
    LimitOf.OUTLET: Text("этой точки", "this outlet"),
    LimitOf.CARD_AT_TILL: Text("этой карты на этой кассе", "this card at this till"),
}
_LOCK: Final = "SELECT lock_limits(jsonb_build_array($1::jsonb))"
_REFUSAL: Final = "SELECT limit_refusal($1::jsonb, $2)"


def of_receipt(control: Control, *, net: int, points: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a posting carries of the hard limits; nothing where there are none. `points` is the posting's own part."""
    spent = 0 if points is None else int(points.get("spent", 0))
    adds = {Metric.RECEIPTS: 1, Metric.AMOUNT: net, Metric.POINTS: spent}
    limits = [_told(control, limit, adds[limit.metric]) for limit in control.hard(POSTING)]
    own = control.own_card is Response.REFUSE
    if not limits and not own:
        return {}
    return {"limits": limits} | ({"own_card": True} if own else {})


async def check_return(
    tx: Work, control: Control, till: TillFacts, *, member: UUID, purchase: UUID, cashier: str | None, now: datetime
) -> None:
    """Refuse a return that would pass a hard limit. The member's standing is locked.

    Raises LIMIT_REACHED.
    """
    limits = [_told(control, limit, 1) for limit in control.hard(RETURNING)]
    if not limits:
        return
    card = await tx.fetchval("SELECT card_id FROM purchase WHERE id = $1", purchase)
    whose = {"member": member, "card": card, "till": till.id, "outlet": till.outlet, "cashier": cashier}
    told = orjson.dumps(whose | {"limits": limits}, default=str).decode()
    await tx.execute(_LOCK, told)
    outcome = await tx.fetchval(_REFUSAL, told, now)
    if outcome is not None:
        raise refusal(outcome, control, field="input.refundNumber")


def refusal(outcome: str, control: Control, *, field: str) -> Refusal:
    """The refusal of what the statement said."""
    if outcome == OWN_CARD:
        return Refusal(Code.LIMIT_REACHED, "control.own_card", field=field)
    limit = control.limits[int(outcome.removeprefix(PREFIX))]
    return Refusal(
        Code.LIMIT_REACHED,
        f"control.limit_{limit.metric.lower()}",
        field=field,
        whom=WHOM[limit.of],
        most=limit.most if limit.metric is not Metric.AMOUNT else limit.most // 100,
        span=_span(limit.minutes),
    )


def is_limit(outcome: str) -> bool:
    """Whether an outcome of the posting statement is one of these."""
    return outcome == OWN_CARD or outcome.startswith(PREFIX)


def _span(minutes: int) -> Text:
    """How long a limit looks back, as people say it: whole hours as hours."""
    hours, rest = divmod(minutes, 60)
    return Text(f"{minutes} мин", f"{minutes} min") if rest else Text(f"{hours} ч", f"{hours} h")


def _told(control: Control, limit: Limit, adds: int) -> dict[str, Any]:
    return {
        "place": control.limits.index(limit),
        "of": limit.of,
        "metric": limit.metric,
        "minutes": limit.minutes,
        "most": limit.most,
        "adds": adds,
    }
