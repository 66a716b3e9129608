"""The facts of a priced receipt as the posting statement takes them, and as the caller reads them without a second look."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from loyalty.programme import Programme, Tier
from loyalty.purchases import Priced
from loyalty.tiers import range_of
from models.history import LineFacts, PurchaseFacts
from models.ids import uuid7
from services.ledger import QUALIFIED
from services.quotes import stored_lines
from services.tills import TillFacts

# Above every sum that a column can hold: the top tier has no upper end.
NO_END: Final = 2**62


def item_of(
    *,
    till: TillFacts,
    found: Mapping[str, Any],
    claim: UUID,
    body: bytes,
    receipt: str,
    day: date,
    closed_at: datetime,
    programme: Programme,
    tier: Tier,
    priced: Priced,
    tenders: list[tuple[str, int]],
) -> tuple[dict[str, Any], PurchaseFacts]:
    """(one element of `post_purchases`' batch, the same receipt as it will be read)."""
    low, high = range_of(programme, tier)
    purchase = uuid7()
    lines = [{"id": uuid7(), "position": place, **line} for place, line in enumerate(stored_lines(priced))]
    item = {
        "claim": claim,
        "body": body.hex(),
        "quote": found["quote"],
        "purchase": purchase,
        "transaction": uuid7(),
        "period": uuid7(),
        "member": found["member_id"],
        "card": found["card_id"],
        "till": till.id,
        "partner": till.partner,
        "outlet": till.outlet,
        "channel": found["channel"],
        "receipt": receipt,
        "business_date": day,
        "closed_at": closed_at,
        "version": programme.version,
        "priced_by": programme.version,
        "tier": tier.id,
        "standing_tier": tier.id,
        "tier_low": low,
        "tier_high": NO_END if high is None else high,
        "tiers": [{"id": each.id, "threshold": each.threshold} for each in programme.tiers],
        "gross": priced.gross,
        "discount": priced.discount,
        "net": priced.net,
        "accumulated": priced.accumulated,
        "counter_account": QUALIFIED,
        "lines": lines,
        "tenders": [{"id": uuid7(), "kind": kind, "amount": amount} for kind, amount in tenders],
    }
    facts = PurchaseFacts(
        id=purchase,
        partner=till.partner,
        outlet=till.outlet,
        channel=found["channel"],
        receipt_number=receipt,
        closed_at=closed_at,
        business_date=day,
        programme_version=programme.version,
        gross=priced.gross,
        discount=priced.discount,
        net=priced.net,
        accumulated=priced.accumulated,
        refunded_net=0,
        refunded_discount=0,
        lines=[
            LineFacts(
                id=line["id"],
                service=line["service"],
                name=line["name"],
                quantity=line["quantity"],
                gross=line["gross"],
                discount=line["discount"],
                net=line["net"],
                accumulates=line["accumulates"],
                reasons=line["reasons"],
            )
            for line in lines
        ],
        refunds=(),
    )
    return item, facts
