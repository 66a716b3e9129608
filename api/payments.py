"""The acquirer of the settings, and the address where it posts notifications."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from ipaddress import ip_address, ip_network
from time import monotonic
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.clock import now
from api.inbox import taken, told
from api.settings import Settings
from integrations.breaker import Breaker, Tell
from integrations.pace import Pace
from integrations.payments import PaymentGateway
from integrations.yookassa.calling import Connection
from integrations.yookassa.gateway import Receipts, YooKassa
from integrations.yookassa.limits import LIMITS
from services.payments import events
from services.resources import Resources

EVENT_BYTES: Final = 64 * 1024


@asynccontextmanager
async def open_acquirer(settings: Settings, tell: Tell | None = None) -> AsyncIterator[PaymentGateway | None]:
    """The acquirer, or None where no keys of one are given, and in a sandbox, where nobody pays real money; `tell` hears of its calls."""
    if settings.sandbox or not settings.takes_money:
        yield None
        return
    connection = Connection(
        settings.yookassa_url,
        (str(settings.yookassa_shop_id), str(settings.yookassa_secret_key)),
        Pace(LIMITS, clock=monotonic),
        Breaker("acquirer", monotonic, tell),
        now,
    )
    receipts = Receipts(settings.yookassa_vat, settings.yookassa_mode, settings.yookassa_tax_system)
    try:
        yield YooKassa(connection, receipts=receipts if settings.yookassa_receipts else None)
    finally:
        await connection.close()


class PaymentDoors:
    """The address of notifications. Who does not know its unguessable part hears 401 and leaves nothing behind."""

    def __init__(self, clock: Callable[[], datetime], networks: tuple[str, ...]) -> None:
        self._clock = clock
        self._networks = [ip_network(network) for network in networks]
        self._resources: Resources | None = None

    def open(self, resources: Resources | None) -> None:
        """Begin to answer, or stop."""
        self._resources = resources

    @property
    def routes(self) -> list[Route]:
        """The address."""
        return [Route(f"{events.PATH}/{{token}}", self._take, methods=["POST"])]

    async def _take(self, request: Request) -> Response:
        resources = self._resources
        if resources is None or resources.payments is None or not self._is_let_in(request, resources):
            return told(401, "unknown")
        gateway = resources.payments
        return await taken(request, lambda body: events.keep(gateway, body, self._clock()), most=EVENT_BYTES)

    def _is_let_in(self, request: Request, resources: Resources) -> bool:
        if not events.is_token(request.path_params["token"], resources.keyring):
            return False
        if not self._networks:
            return True
        try:
            caller = ip_address("" if request.client is None else request.client.host)
        except ValueError:
            return False
        return any(caller in network for network in self._networks)
