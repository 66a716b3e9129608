"""edna Pulse: SMS and Viber, each by a cascade of one stage that is made in the account.

Facts and what is unverified of them: docs/messages.md. The platform cancels a message that repeats one of the last
twenty minutes, so within that time a hand-over without an answer is simply repeated with its own request id.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from integrations.messaging.calling import Line, cut, read_json
from integrations.ports import Message, Refused, Report, Told, Uncertain, Unreadable
from loyalty.messages import Channel, Fate

BASE_URL: Final = "https://app.edna.ru/api"
OK: Final = 200
# Twenty, less what clocks and slow networks may take.
REPEATS_CANCELLED: Final = timedelta(minutes=15)
# Said by the person in Viber itself: never again by this channel.
_OPT_OUTS: Final = frozenset({"user-blocked", "unsubscribe"})
_FATES: Final = {
    "SENT": Fate.SENT,
    "DELIVERED": Fate.DELIVERED,
    "READ": Fate.READ,
    "UNDELIVERED": Fate.UNDELIVERED,
    "FAILED": Fate.FAILED,
}


class Edna:
    """One account; its line carries the key in `X-API-KEY`. `cascades` are the account's numbers by channel."""

    name = "edna"

    def __init__(self, line: Line, *, cascades: Mapping[Channel, int], clock: Callable[[], datetime]) -> None:
        self._line = line
        self._cascades = dict(cascades)
        self._clock = clock
        self.channels = frozenset(self._cascades)

    async def send(self, message: Message) -> Told:
        """Hand a message over. Raises `Refused`, `Unavailable`, `Drained` or `Uncertain`."""
        request = str(message.id)
        asked = {
            "requestId": request,
            "cascadeId": self._cascades[message.channel],
            "subscriberFilter": {"address": message.to.removeprefix("+"), "type": "PHONE"},
            "content": _content(message),
        }
        answer = await self._line.post("cascade/schedule", asked)
        if answer.status != OK:
            raise Refused(f"edna: {answer.status} {cut(_reason(answer.body))}")
        if not isinstance(answer.body, dict) or answer.body.get("requestId") != request:
            raise Uncertain("took the message and did not name it")
        return Told(provider_id=request, fate=Fate.ACCEPTED, raw="accepted")

    async def resolve(self, message: Message, *, handed_at: datetime, known: Collection[str]) -> Told | None:  # noqa: ARG002 - the port has it
        """Repeat it while the platform cancels repetitions; afterwards it stays unknown."""
        if self._clock() - handed_at < REPEATS_CANCELLED:
            return await self.send(message)
        raise Uncertain("too late to repeat: the platform would send it twice")

    async def ask(self, provider_id: str, message: Message) -> Told | None:  # noqa: ARG002 - the port has it
        """Not asked: the shape of its history is unverified, and its reports are documented and tried again."""
        return None

    async def price(self, message: Message) -> int | None:  # noqa: ARG002 - the port has it
        """Not said beforehand."""
        return None

    async def balance(self) -> int | None:
        """Not said."""
        return None

    def read(self, body: bytes, content_type: str) -> list[Report]:
        """The states of stages. A status we have not heard of is no news."""
        found = read_json(body) if "json" in content_type else None
        rows = found if isinstance(found, list) else [found]
        reports = []
        for row in rows:
            if not isinstance(row, dict) or not isinstance(row.get("requestId"), str) or not row.get("status"):
                raise Unreadable("a report of edna is JSON with requestId and status")
            status = str(row["status"])
            error = cut(row.get("error") or "")
            fate, told = _FATES.get(status, Fate.ACCEPTED), f"{cut(status)} {error}".strip()
            reports.append(Report(provider_id=row["requestId"], fate=fate, raw=told, is_opt_out=error in _OPT_OUTS))
        if not reports:
            raise Unreadable("an empty report")
        return reports


def _content(message: Message) -> dict[str, Any]:
    if message.channel is Channel.SMS:
        return {"smsContent": {"text": message.text}}
    return {"viberContent": {"contentType": "TEXT", "text": message.text}}


def _reason(body: object) -> object:
    return body.get("message") or body.get("code") or "" if isinstance(body, dict) else ""
