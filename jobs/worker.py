"""One loop that leases due jobs and runs them. Any number of workers may run, in any number of processes."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import Counter

from integrations.ports import Refused, Unavailable
from jobs.registry import JobKind, Tools
from loyalty.refusals import Refusal
from services import outbox
from services.outbox import Leased

POLL_SECONDS: Final = 0.5
PARALLEL: Final = 16
BACK_OFF_SECONDS: Final = 5
BACK_OFF_SECONDS_MAX: Final = 3600
GRACE_SECONDS: Final = 20.0
BETWEEN_BURIALS: Final = timedelta(seconds=1)
FINISHED: Final = Counter("kunak_jobs", "Jobs by how they ended.", ["name", "outcome"])
log = logging.getLogger(__name__)


def back_off(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: 5 s, 10 s, 20 s … an hour, give or take a fifth."""
    seconds = min(BACK_OFF_SECONDS * 2 ** (attempt - 1), BACK_OFF_SECONDS_MAX)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load, guards nothing


class Worker:
    """Runs jobs until it is asked to stop. It never takes more than it can start at once."""

    def __init__(
        self,
        kinds: Mapping[str, JobKind],
        tools: Tools,
        clock: Callable[[], datetime],
        *,
        parallel: int = PARALLEL,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._kinds = kinds
        self._terms = [kind.terms for kind in kinds.values()]
        self._tools = tools
        self._clock = clock
        self._parallel = parallel
        self._poll_seconds = poll_seconds
        self._running: set[asyncio.Task[None]] = set()
        self._next_burial: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; then let what runs finish, and give back what does not finish in time."""
        while not stop.is_set():
            taken = 0
            try:
                taken = await self.take(self._clock())
            except Refusal:
                log.info("the database does not answer; trying again")
            except Exception:
                log.exception("jobs were not leased")
            await self._pause(stop, is_more_due=taken > 0)
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)
        for task in self._running:
            task.cancel()
        await self.settled()

    async def take(self, now: datetime) -> int:
        """Lease what is due and there is room for, and start it; say how many."""
        room = self._parallel - len(self._running)
        if room <= 0:
            return 0
        if self._next_burial is None or now >= self._next_burial:
            self._next_burial = now + BETWEEN_BURIALS
            buried = await outbox.bury(self._terms, now=now)
            if buried:
                log.error("jobs ended their workers and were given up", extra={"count": buried})
        leased = await outbox.lease(self._terms, count=room, now=now)
        for job in leased:
            task = asyncio.create_task(self._run(job), name=f"job {job.name}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(leased)

    async def settled(self) -> None:
        """Wait until everything that was started has ended."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _pause(self, stop: asyncio.Event, *, is_more_due: bool) -> None:
        """Wait until something ends if there may be more to take, else until the next look."""
        if is_more_due and not self._running:
            return
        waiting = asyncio.create_task(stop.wait())
        try:
            if is_more_due or len(self._running) >= self._parallel:
                await asyncio.wait(
                    {waiting, *self._running}, timeout=self._poll_seconds, return_when=asyncio.FIRST_COMPLETED
                )
            else:
                await asyncio.wait({waiting}, timeout=self._poll_seconds)
        finally:
            waiting.cancel()

    async def _run(self, job: Leased) -> None:
        kind = self._kinds[job.name]
        try:
            async with asyncio.timeout(kind.lease.total_seconds()):
                await kind.handle(job.payload, self._tools, self._clock())
        except asyncio.CancelledError:
            with suppress(Exception):
                await asyncio.shield(outbox.release(job))
            raise
        except Refused as error:
            await self._settle(job, "dead", outbox.give_up(job, error=f"refused: {error}", now=self._clock()))
        except Unavailable as error:
            await self._failed(job, kind, f"unavailable: {error}")
        except Refusal as refusal:
            await self._failed(job, kind, f"told no: {refusal.code}")
        except TimeoutError:
            await self._failed(job, kind, "took longer than its lease")
        except Exception as error:
            # Messages of unforeseen errors may quote people's data: the type is kept, the rest goes to the log.
            log.exception("job failed", extra={"job": job.name, "job_id": str(job.id), "attempt": job.attempt})
            await self._failed(job, kind, f"failed: {type(error).__name__}")
        else:
            await self._settle(job, "done", outbox.finish(job, now=self._clock()))

    async def _failed(self, job: Leased, kind: JobKind, error: str) -> None:
        now = self._clock()
        if job.attempt >= kind.attempts_max:
            await self._settle(job, "dead", outbox.give_up(job, error=error, now=now))
        else:
            await self._settle(job, "retried", outbox.postpone(job, until=now + back_off(job.attempt), error=error))

    async def _settle(self, job: Leased, outcome: str, settling: Awaitable[bool]) -> None:
        """Write down how it ended. If even that fails, the lease runs out and the job is taken again."""
        facts = {"job": job.name, "job_id": str(job.id), "attempt": job.attempt}
        try:
            is_ours = await settling
        except Refusal:
            log.warning("the end of a job was not written down", extra=facts)
            return
        if not is_ours:
            log.warning("a job was taken over before it ended here", extra=facts)
            return
        FINISHED.labels(job.name, outcome).inc()
        if outcome == "dead":
            log.error("job given up", extra=facts)
