"""Partners who paid ahead: told when others took more of their points than that pays for. Nothing is ever refused for it."""

from datetime import datetime
from typing import Final

import orjson

from loyalty.settlement import PartnerTerms, month_of
from models import database
from services import programmes
from services.audit import Actor
from services.settlement import reading

# Once a partner and month: whoever has seen it knows, and a month later it may be forgotten.
_SIGNAL: Final = """
INSERT INTO fraud_signal (id, kind, key, partner, at, found_at, facts, state)
VALUES (gen_random_uuid(), 'DEPOSIT_USED_UP', concat_ws(' ', 'DEPOSIT_USED_UP', $1::text, $2::text), $1::text, $3, $3,
    $4::jsonb, 'OPEN')
ON CONFLICT (key) DO NOTHING
"""


async def watch(now: datetime) -> int:
    """Ask somebody to look at each deposit that is used up, once a month; gives the number of new signals."""
    programme = await programmes.newest(now)
    if programme is None or programme.points is None:
        return 0
    watched = [(one.id, deposit) for one in programme.partners if (deposit := _deposit(one.settlement)) is not None]
    if not watched:
        return 0
    found, told = await reading.books(Actor.operator().access, now), 0
    for partner, deposit in watched:
        over = found.taken(partner) - deposit
        if over > 0:
            facts = orjson.dumps({"deposit": deposit, "over": over}).decode()
            month = f"{month_of(now, programme.time_zone):%Y-%m}"
            tag = await database.execute(_SIGNAL, partner, month, now, facts)
            told += int(tag.rpartition(" ")[2])
    return told


def _deposit(terms: PartnerTerms | None) -> int | None:
    return None if terms is None else terms.deposit
