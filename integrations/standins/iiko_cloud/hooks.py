"""Webhooks: arrays that are posted until somebody answers 200, given up in the end, and go astray where that is planned."""

import asyncio
import contextlib
from typing import Any, Final

import httpx2

from integrations.standins.iiko_cloud.plan import Plan
from integrations.standins.iiko_cloud.venue import Organization

POST_SECONDS: Final = 5.0


class Hooks:
    """One address an organization. `lost` counts what nobody took and nobody hears of again.

    `transport` leads somewhere else than over the network: to an application in this process.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.transport: httpx2.AsyncBaseTransport | None = None
        self.lost = 0
        self.posted = 0
        self._held: list[tuple[Organization, dict[str, Any]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, organization: Organization, event: dict[str, Any]) -> None:
        """Post an event in the background, if the organization wants to hear of it."""
        if organization.hook_uri is None or not _wants(organization, event):
            return
        fault = self.plan.astray()
        if fault == "drop":
            self.lost += 1
            return
        if fault == "reorder":
            # It waits for the next one, and comes behind it.
            self._held.append((organization, event))
            return
        self._start(organization, event, self.plan.hook_times * (10 if fault == "duplicate" else 1))
        for held in self._held:
            self._start(*held, self.plan.hook_times)
        self._held.clear()

    async def settled(self) -> None:
        """Wait until everything was posted or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Post no more."""
        for task in self._tasks:
            task.cancel()
        await self.settled()

    def _start(self, organization: Organization, event: dict[str, Any], times: int) -> None:
        for _ in range(times):
            task = asyncio.create_task(self._deliver(organization, event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, organization: Organization, event: dict[str, Any]) -> None:
        headers = {"Authorization": organization.hook_token} if organization.hook_token else {}
        async with httpx2.AsyncClient(
            timeout=POST_SECONDS, trust_env=False, headers=headers, transport=self.transport
        ) as client:
            for seconds in (*self.plan.retry_seconds, None):
                with contextlib.suppress(httpx2.TransportError):
                    answer = await client.post(str(organization.hook_uri), json=[event])
                    if answer.status_code == httpx2.codes.OK:
                        self.posted += 1
                        return
                if seconds is not None:
                    await asyncio.sleep(seconds)
        self.lost += 1


def _wants(organization: Organization, event: dict[str, Any]) -> bool:
    kind = "deliveryOrderFilter" if event["eventType"].startswith("Delivery") else "tableOrderFilter"
    wanted = (organization.hook_filter or {}).get(kind)
    if not isinstance(wanted, dict):
        return False
    order = event["eventInfo"]["order"]
    return bool(wanted.get("errors")) if order is None else order["status"] in (wanted.get("orderStatuses") or [])
