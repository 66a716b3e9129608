"""SMSC.ru: SMS, as a reserve. Facts and what is unverified of them: docs/messages.md.

Every message has an id of ours, so a hand-over without an answer is asked about by it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID

from integrations.messaging.calling import Line, cut, kopecks, whole
from integrations.ports import Drained, Message, Refused, Report, Told, Uncertain, Unreadable
from loyalty.messages import Channel, Fate

BASE_URL: Final = "https://smsc.ru/sys"
IDS: Final = 2**31 - 1
HOUR_SECONDS: Final = 3600
VALID_HOURS_MAX: Final = 24
# Login, money, a blocked address: nothing that another message would change.
_OURS: Final = frozenset({2, 3, 4})
# "The same request twice in a minute" may be our own, whose answer was lost.
_PERHAPS: Final = 9
_NOT_FOUND: Final = -3
_FATES: Final = {
    -2: Fate.FAILED,
    -1: Fate.ACCEPTED,
    0: Fate.SENT,
    1: Fate.DELIVERED,
    2: Fate.READ,
    3: Fate.EXPIRED,
    4: Fate.DELIVERED,
    20: Fate.UNDELIVERED,
    22: Fate.UNDELIVERED,
    23: Fate.FAILED,
    24: Fate.FAILED,
    25: Fate.UNDELIVERED,
}


class Smsc:
    """One account by its key, which travels in the body."""

    name = "smsc"
    channels = frozenset({Channel.SMS})

    def __init__(self, line: Line, *, key: str, sender: str) -> None:
        self._line = line
        self._key = key
        self._sender = sender

    async def send(self, message: Message) -> Told:
        """Hand a message over. Raises `Refused`, `Unavailable`, `Drained` or `Uncertain`."""
        asked = self._letter(message) | {"id": _id(message.id), "cost": 3}
        if message.lives_seconds is not None:
            asked["valid"] = min(max(1, -(-message.lives_seconds // HOUR_SECONDS)), VALID_HOURS_MAX)
        body = await self._call("send.php", asked)
        if whole(body.get("id")) is None:
            raise Uncertain("took the message and gave no id")
        return Told(
            provider_id=f"{body['id']}.{_digits(message.to)}",
            fate=Fate.ACCEPTED,
            raw="accepted",
            segments=whole(body.get("cnt")),
            cost=kopecks(body.get("cost")),
        )

    async def resolve(self, message: Message, *, handed_at: datetime, known: Collection[str]) -> Told | None:  # noqa: ARG002 - the port has it
        """Ask by our own id."""
        return await self.ask(f"{_id(message.id)}.{_digits(message.to)}", message)

    async def ask(self, provider_id: str, message: Message) -> Told | None:
        """What became of a message by now; None if there is none."""
        number = provider_id.partition(".")[0]
        body = await self._call("status.php", {"phone": _digits(message.to), "id": number, "all": 0})
        status = whole(body.get("status"))
        if status is None or status == _NOT_FOUND:
            return None
        told = f"{status} {whole(body.get('err')) or ''}".strip()
        return Told(provider_id=provider_id, fate=_FATES.get(status, Fate.ACCEPTED), raw=told)

    async def price(self, message: Message) -> int | None:
        """Kopecks that sending would cost; nothing is sent."""
        return kopecks((await self._call("send.php", self._letter(message) | {"cost": 1})).get("cost"))

    async def balance(self) -> int | None:
        """Kopecks on the account."""
        return kopecks((await self._call("balance.php", {})).get("balance"))

    def read(self, body: bytes, content_type: str) -> list[Report]:
        """Id and phone only. What else stands in a report is unverified, so each one is a reason to ask."""
        try:
            text = body.decode() if "form" in content_type else ""
            form = parse_qs(text, strict_parsing=True, max_num_fields=50)
        except ValueError:
            raise Unreadable("a report of SMSC is a form") from None
        number, phone = form.get("id", [""])[0], form.get("phone", [""])[0].removeprefix("+")
        if whole(number) is None or whole(phone) is None:
            raise Unreadable("a report of SMSC has id and phone")
        return [Report(provider_id=f"{number}.{phone}")]

    def _letter(self, message: Message) -> dict[str, Any]:
        return {"phones": _digits(message.to), "mes": message.text, "sender": self._sender, "charset": "utf-8"}

    async def _call(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        answer = await self._line.post(path, {"apikey": self._key, "fmt": 3} | asked, form=True)
        body = answer.body
        if not isinstance(body, dict):
            raise Uncertain(f"answered {answer.status} without JSON")
        code = whole(body.get("error_code"))
        if code is None and "error" not in body:
            return body
        reason = f"SMSC: {code} {cut(body.get('error', ''))}"
        if code in _OURS:
            raise Drained(reason)
        if code == _PERHAPS or code is None:
            raise Uncertain(reason)
        raise Refused(reason)


def _id(attempt: UUID) -> int:
    """Our 32-bit id of a message: with the phone it names one."""
    return attempt.int % IDS + 1


def _digits(number: str) -> str:
    return number.removeprefix("+")
