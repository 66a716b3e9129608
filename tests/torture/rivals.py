"""Fifty tills that post for one member at once: a line, no server error, and an answer in time for each."""

import asyncio
import time
from dataclasses import dataclass
from random import Random
from uuid import UUID

import httpx2

from api.clock import now
from integrations.transport import Transport
from tests.torture.documents import POST, QUOTE
from tests.torture.ground import Ground
from tests.torture.history import kopecks

RIVALS = 50


@dataclass(frozen=True)
class Rivalry:
    """Milliseconds from question to answer, and what the answers say of the order they were served in."""

    posts: int
    p50: float
    p99: float
    busy: int  # answers BUSY, which were asked again
    server_errors: int
    serialised: bool  # the accumulated sums that were told are an unbroken ladder: one after the other

    def told(self) -> str:
        """One line for people."""
        order = "serialised" if self.serialised else "NOT SERIALISED"
        return (
            f"{RIVALS} rivals on one member: {self.posts} posts, {order}, p50 {self.p50:.0f} ms, p99 {self.p99:.0f} ms,"
            f" {self.busy} times BUSY, {self.server_errors} answers 5xx"
        )


async def rival(ground: Ground, chance: Random, *, rounds: int) -> Rivalry:
    """Each round: a quote for each rival, then all fifty post at once, each to any of the servers."""
    guest = ground.cast.guests[-1]
    times: list[float] = []
    sums: list[int] = []
    busy = errors = 0
    limits = httpx2.Limits(max_connections=RIVALS * 2)
    async with httpx2.AsyncClient(timeout=20, transport=Transport(limits=limits)) as http:

        async def ask(document: str, wish: dict[str, object], key: str) -> dict[str, object]:
            nonlocal busy, errors
            while True:
                answer = await http.post(
                    f"{chance.choice(ground.servers).url}/graphql",
                    json={"query": document, "variables": {"input": wish}},
                    headers={"Authorization": f"Till {key}"},
                )
                errors += answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR
                body = answer.json()
                told: dict[str, object] = next(iter(body["data"].values())) if body.get("data") else {}
                if told.get("code") != "BUSY" and told:
                    return told
                busy += 1
                await asyncio.sleep(0.05)

        async def one(place: int, round_: int) -> None:
            till = ground.cast.tills[place % len(ground.cast.tills)]
            service = "food" if till.partner == "cafe" else "furniture"
            lines = [{"service": service, "name": "Товар", "quantity": "1", "amount": "10.00"}]
            ticket = ground.cast.tickets[till.id, str(guest.member.id)]
            quote = await ask(QUOTE, {"ticket": ticket, "lines": lines}, till.key)
            await gate.wait()
            wish = {
                "idempotencyKey": str(UUID(int=chance.getrandbits(128), version=4)),
                "quote": quote["id"],
                "receiptNumber": f"V{round_:03d}{place:03d}",
                "closedAt": now().isoformat(),
                "tenders": [{"kind": "CARD", "amount": quote["net"]}],
            }
            started = time.perf_counter()
            posted = await ask(POST, wish, till.key)
            times.append((time.perf_counter() - started) * 1000)
            assert posted["__typename"] == "PurchasePosted", posted
            progress = posted["progress"]
            assert isinstance(progress, dict)
            sums.append(kopecks(progress["accumulated"]))

        for round_ in range(rounds):
            gate = asyncio.Event()
            tasks = [asyncio.create_task(one(place, round_)) for place in range(RIVALS)]
            await asyncio.sleep(1.0)
            gate.set()
            await asyncio.gather(*tasks)
    times.sort()
    ladder = [1000 * step for step in range(1, rounds * RIVALS + 1)]
    last = min(len(times) - 1, int(len(times) * 0.99))
    return Rivalry(len(times), times[len(times) // 2], times[last], busy, errors, sorted(sums) == ladder)
