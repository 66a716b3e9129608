"""The limit for reading: the cabinet's home as one would write it by hand, two statements and a dictionary, no GraphQL.

It knows this programme's sentences and sums by heart and serves nothing else.
"""

import os
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.clock import now
from graph.programme.reasons import tell
from loyalty.programme import Programme
from loyalty.programme_file.stored import from_data

PAGE: Final = 20
_MEMBER: Final = """
SELECT m.id, m.first_name, m.last_name, m.number, c.number AS card, c.kind, c.status, c.issued_at, b.amount, s.purchases,
    s.saved
FROM session AS e JOIN member AS m ON m.id = e.member_id
JOIN card AS c ON c.member_id = m.id AND c.status IN ('ACTIVE', 'BLOCKED')
JOIN member_standing AS s ON s.member_id = m.id JOIN balance AS b ON b.account_id = s.qualifying_account
WHERE e.token_sha256 = $1 AND e.revoked_at IS NULL AND e.expires_at > $2 AND e.last_seen_at > $3
"""
_PURCHASES: Final = """
SELECT p.id, p.partner, p.outlet, p.channel, p.receipt_number, p.closed_at, p.business_date, p.gross, p.discount, p.net,
    p.accumulated - p.refunded_accumulated AS accumulated, p.refunded_net,
    (SELECT json_agg(json_build_array(l.id, l.name, l.quantity, l.gross, l.discount, l.net, l.accumulates, l.refunded_net,
            l.service, l.reasons) ORDER BY l.position) FROM purchase_line AS l WHERE l.purchase_id = p.id) AS lines
FROM purchase AS p WHERE p.member_id = $1 ORDER BY p.closed_at DESC, p.id DESC LIMIT $2
"""
IDLE: Final = timedelta(days=30)


class Home:
    """The route and what it keeps: a pool, and the programme's names as the answer needs them."""

    def __init__(self) -> None:
        self.pool: asyncpg.Pool[asyncpg.Record] | None = None
        self.tiers: list[tuple[int, dict[str, str]]] = []
        self.partners: dict[str, dict[str, str]] = {}
        self.outlets: dict[str, dict[str, str]] = {}
        self.services: dict[tuple[str, str], dict[str, str]] = {}
        self.reasons: dict[str, list[dict[str, str]]] = {}
        self.programme: Programme | None = None

    @asynccontextmanager
    async def opened(self, _app: Starlette) -> AsyncIterator[None]:
        """Connect, and read the programme once."""
        address = os.environ["DATABASE_URL"].replace("asyncpg://", "postgresql://", 1)
        async with asyncpg.create_pool(address, min_size=2, max_size=12, reset=self._as_it_is) as self.pool:
            row = await self.pool.fetchrow(
                "SELECT version, document FROM programme_version ORDER BY version DESC LIMIT 1"
            )
            assert row is not None  # noqa: S101 - it was applied before we were started
            programme = self.programme = from_data(orjson.loads(row["document"]), row["version"])
            self.tiers = [(each.threshold, {"id": each.id, "name": each.name.ru}) for each in programme.tiers]
            for partner in programme.partners:
                self.partners[partner.id] = {"id": partner.id, "name": partner.name.ru}
                for outlet in partner.outlets:
                    self.outlets[outlet.id] = {"id": outlet.id, "name": outlet.name.ru}
                for service in partner.services:
                    self.services[partner.id, service.id] = {"id": service.id, "name": service.name.ru}
            yield

    @staticmethod
    async def _as_it_is(_connection: object) -> None:
        pass

    async def answer(self, request: Request) -> Response:
        """The home of whoever holds the token."""
        assert self.pool is not None  # noqa: S101 - no request comes before the pool
        token = request.headers["authorization"].partition(" ")[2]
        moment = now()
        row = await self.pool.fetchrow(_MEMBER, sha256(token.encode()).digest(), moment, moment - IDLE)
        if row is None:
            return Response(status_code=401)
        found = await self.pool.fetch(_PURCHASES, row["id"], PAGE + 1)
        return Response(orjson.dumps(self._home(row, found)), media_type="application/json")

    def _home(self, row: asyncpg.Record, found: list[asyncpg.Record]) -> dict[str, Any]:
        return {
            "id": str(row["id"]),
            "firstName": row["first_name"],
            "lastName": row["last_name"],
            "number": row["number"],
            "card": {
                "number": row["card"],
                "kind": row["kind"],
                "status": row["status"],
                "issuedAt": _moment(row["issued_at"]),
            },
            "progress": self._progress(row["amount"]),
            "totals": {"purchases": _money(row["purchases"]), "saved": _money(row["saved"])},
            "purchases": {
                "next": _cursor(found[PAGE - 1]) if len(found) > PAGE else None,
                "items": [self._purchase(each) for each in found[:PAGE]],
            },
        }

    def _progress(self, amount: int) -> dict[str, Any]:
        reached = max(place for place, (threshold, _) in enumerate(self.tiers) if threshold <= amount)
        tier = self.tiers[reached][1]
        if reached + 1 == len(self.tiers):
            return {"tier": tier, "next": None, "accumulated": _money(amount), "left": None}
        threshold, following = self.tiers[reached + 1]
        above = {**following, "threshold": _money(threshold)}
        return {"tier": tier, "next": above, "accumulated": _money(amount), "left": _money(threshold - amount)}

    def _purchase(self, row: asyncpg.Record) -> dict[str, Any]:
        partner = row["partner"]
        return {
            "id": str(row["id"]),
            "channel": row["channel"],
            "receiptNumber": row["receipt_number"],
            "closedAt": _moment(row["closed_at"]),
            "businessDate": row["business_date"],
            "gross": _money(row["gross"]),
            "discount": _money(row["discount"]),
            "net": _money(row["net"]),
            "accumulated": _money(row["accumulated"]),
            "refunded": _money(row["refunded_net"]),
            "status": "POSTED",
            "partner": self.partners[partner],
            "outlet": self.outlets[row["outlet"]],
            "lines": [self._line(partner, *line) for line in orjson.loads(row["lines"])],
        }

    def _line(  # noqa: PLR0917 - the columns of a line
        self,
        partner: str,
        line: str,
        name: str,
        quantity: int,
        gross: int,
        discount: int,
        net: int,
        accumulates: bool,  # noqa: FBT001
        refunded: int,
        service: str,
        reasons: list[dict[str, Any]],
    ) -> dict[str, Any]:
        return {
            "id": line,
            "name": name,
            "quantity": _quantity(quantity),
            "gross": _money(gross),
            "discount": _money(discount),
            "net": _money(net),
            "accumulates": accumulates,
            "refundedNet": _money(refunded),
            "service": self.services[partner, service],
            "reasons": self._told(reasons),
        }

    def _told(self, reasons: list[dict[str, Any]]) -> list[dict[str, str]]:
        key = str(reasons)
        told = self.reasons.get(key)
        if told is None:
            assert self.programme is not None  # noqa: S101 - it is read before the first request
            told = [{"code": code, "text": text} for code, text in tell(reasons, self.programme, "ru")]
            self.reasons[key] = told
        return told


def _money(kopecks: int) -> str:
    return f"{kopecks // 100}.{kopecks % 100:02d}"


def _quantity(thousandths: int) -> str:
    whole, part = divmod(thousandths, 1000)
    return f"{whole}.{part:03d}".rstrip("0") if part else str(whole)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _cursor(row: asyncpg.Record) -> str:
    plain = f"{row['closed_at'].isoformat()}|{row['id']}"
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def main() -> None:
    """Serve until a signal comes."""
    home = Home()
    app = Starlette(routes=[Route("/home", home.answer)], lifespan=home.opened)
    port = int(os.environ["PORT"])
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning"
    )


if __name__ == "__main__":
    main()
