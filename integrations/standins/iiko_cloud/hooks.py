"""Webhooks: arrays that are posted until somebody answers 200, given up in the end, and go astray where that is planned."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeAlias

import httpx2

from integrations.standins.iiko_cloud.plan import Plan
from integrations.standins.iiko_cloud.venue import Organization
from integrations.standins.orders import Astray
from integrations.standins.posting import posted, poster

_Told: TypeAlias = tuple[Organization, dict[str, Any]]


class Hooks:
    """One address an organization. `lost` counts what nobody took and nobody hears of again.

    `transport` leads somewhere else than over the network: to an application in this process.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.transport: httpx2.AsyncBaseTransport | None = None
        self.posted = 0
        self._given_up = 0
        self._astray = Astray[_Told](plan)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def lost(self) -> int:
        """How many events were dropped or given up."""
        return self._given_up + self._astray.lost

    def tell(self, organization: Organization, event: dict[str, Any]) -> None:
        """Post an event in the background, if the organization wants to hear of it."""
        if organization.hook_uri is not None and _wants(organization, event):
            self._start(self._astray.sent((organization, event)))

    def let_go(self) -> None:
        """Post what was held back, newest first."""
        self._start(self._astray.held())

    async def settled(self) -> None:
        """Wait until everything was posted or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Post no more."""
        for task in self._tasks:
            task.cancel()
        await self.settled()

    def _start(self, sent: Sequence[_Told]) -> None:
        task = asyncio.create_task(self._deliver_all(sent))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_all(self, sent: Sequence[_Told]) -> None:
        """Copies of one event race each other, and what came late comes behind it."""
        for _, copies in groupby(sent, key=id):
            await asyncio.gather(*(self._deliver(*one) for one in copies))

    async def _deliver(self, organization: Organization, event: dict[str, Any]) -> None:
        headers = {"Authorization": organization.hook_token} if organization.hook_token else {}
        async with poster(self.transport, headers=headers) as client:
            if await posted(client, str(organization.hook_uri), self.plan.retry_seconds, json=[event]):
                self.posted += 1
            else:
                self._given_up += 1


def _wants(organization: Organization, event: dict[str, Any]) -> bool:
    kind = "deliveryOrderFilter" if event["eventType"].startswith("Delivery") else "tableOrderFilter"
    wanted = (organization.hook_filter or {}).get(kind)
    if not isinstance(wanted, dict):
        return False
    order = event["eventInfo"]["order"]
    return bool(wanted.get("errors")) if order is None else order["status"] in (wanted.get("orderStatuses") or [])
