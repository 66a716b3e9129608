"""Watching over messages: accounts that run dry, messages nobody looks at any more, and figures for operators."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from prometheus_client import Gauge

from integrations.ports import Refused, Unavailable
from models import database
from services.gateways import Gateways
from services.messages import budget
from services.messages.planning import wake
from services.resources import Resources
from services.work import work

FORGOTTEN: Final = timedelta(minutes=15)
ROUND: Final = timedelta(minutes=10)
"""How often somebody looks."""
AT_ONCE: Final = 500
THREE_DAYS: Final = timedelta(days=3)
BALANCE: Final = Gauge("kunak_gateway_balance_kopecks", "What is left on a gateway's account.", ["gateway"])
LAG: Final = Gauge("kunak_message_lag_seconds", "Age of the oldest message that still waits for its first hand-over.")
ASIDE: Final = Gauge("kunak_delivery_reports_aside", "Delivery reports that were put aside.")
log = logging.getLogger(__name__)

_FORGOTTEN: Final = """
SELECT id FROM message AS m WHERE state IN ('PLANNED', 'ELIGIBLE', 'QUEUED', 'NEXT_CHANNEL') AND changed_at < $1
    AND NOT EXISTS (SELECT 1 FROM job WHERE name = 'message.advance' AND status = 'READY'
        AND payload ->> 'message_id' = m.id::text)
ORDER BY created_at LIMIT $2
"""
_SPENT: Final = """
SELECT coalesce(sum(coalesce(cost, CASE WHEN fate <> 'FAILED' THEN expected END)), 0) FROM delivery_attempt
WHERE gateway = $1 AND handed_at > $2
"""
_ACCOUNT: Final = """
INSERT INTO gateway_account (gateway, balance, alarm, read_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (gateway) DO UPDATE SET balance = excluded.balance, alarm = excluded.alarm, read_at = excluded.read_at
"""
_LAG: Final = """
SELECT coalesce(extract(epoch FROM $1 - min(created_at)), 0)::float8 FROM message
WHERE state IN ('PLANNED', 'ELIGIBLE') AND reason IS DISTINCT FROM 'HOURS'
"""
_ASIDE: Final = "SELECT count(*) FROM delivery_report WHERE state = 'QUARANTINED'"
_STATES: Final = """
SELECT cause, state, count(*) AS messages FROM message WHERE created_at > $1 GROUP BY cause, state ORDER BY cause, state
"""
_GATEWAYS: Final = """
SELECT gateway, channel, fate, count(*) AS attempts, coalesce(sum(cost), 0)::bigint AS cost
FROM delivery_attempt WHERE handed_at > $1 AND gateway <> 'none' GROUP BY gateway, channel, fate
ORDER BY gateway, channel, fate
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A gateway's account: kopecks, or why they are not known."""

    gateway: str
    balance: int | None
    failure: Exception | None = None

    @property
    def trouble(self) -> str | None:
        """Why the balance is not known."""
        return None if self.failure is None else str(self.failure)


async def look(resources: Resources, gateways: Gateways, now: datetime) -> None:
    """Ring where money runs out, take up what was forgotten, and set the gauges."""
    for account in await accounts(gateways):
        await _judge(account, resources, now)
    await take_up(now)
    if held := await budget.held_back(now - ROUND):
        log.error("texts beyond their budgets went on by another channel", extra={"count": held})
    LAG.set(await database.fetchval(_LAG, now))
    ASIDE.set(await database.fetchval(_ASIDE))


async def accounts(gateways: Gateways) -> list[Account]:
    """What every gateway says about its account; those that say nothing are left out."""
    found = []
    for gateway in gateways:
        try:
            balance = await gateway.balance()
        except (Refused, Unavailable) as error:
            found.append(Account(gateway.name, None, error))
        else:
            if balance is not None:
                found.append(Account(gateway.name, balance))
    return found


async def take_up(now: datetime) -> int:
    """Look anew at messages whose job is gone; say how many. A job that killed three workers is given up, they are not."""
    forgotten = await database.fetch(_FORGOTTEN, now - FORGOTTEN, AT_ONCE)
    if forgotten:
        log.error("messages were forgotten and are taken up", extra={"count": len(forgotten)})
        async with work() as tx:
            for row in forgotten:
                await wake(tx, row["id"], now)
    return len(forgotten)


async def figures(since: datetime) -> dict[str, list[dict[str, Any]]]:
    """Messages by cause and state, and attempts by gateway, channel and fate, with kopecks."""
    return {
        "messages": [dict(row) for row in await database.fetch(_STATES, since)],
        "gateways": [dict(row) for row in await database.fetch(_GATEWAYS, since)],
    }


async def _judge(account: Account, resources: Resources, now: datetime) -> None:
    resources.contacts.note(account.gateway, account.failure)
    spent = await database.fetchval(_SPENT, account.gateway, now - THREE_DAYS)
    alarm = max(int(spent), resources.policy.balance_alarm)
    await database.execute(_ACCOUNT, account.gateway, account.balance, alarm, now)
    if account.balance is None:
        log.error("a gateway's account cannot be read", extra={"gateway": account.gateway})
        return
    BALANCE.labels(account.gateway).set(account.balance)
    if account.balance < alarm:
        log.error("a gateway's account runs dry", extra={"gateway": account.gateway, "kopecks": account.balance})
