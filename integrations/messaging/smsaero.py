"""SMS Aero, version 2 of its interface: SMS, and Viber where the account has it.

Facts and what is unverified of them: docs/messages.md. There is no idempotency key, so a hand-over without an answer is
looked for in the vendor's own list before anything is handed over again.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from integrations.messaging.calling import Answer, Line, cut, kopecks, read_json, whole
from integrations.ports import Drained, Message, Refused, Report, Told, Uncertain, Unreadable
from loyalty.messages import Channel, Fate

BASE_URL: Final = "https://gate.smsaero.ru/v2"
# Clocks differ; anything older is another message.
SKEW: Final = timedelta(minutes=2)
_SMS: Final = {
    0: Fate.ACCEPTED,
    1: Fate.DELIVERED,
    2: Fate.UNDELIVERED,
    3: Fate.SENT,
    4: Fate.SENT,
    6: Fate.FAILED,
    8: Fate.ACCEPTED,
}
_VIBER: Final = {0: Fate.SENT, 1: Fate.DELIVERED, 2: Fate.READ, 3: Fate.UNDELIVERED, 4: Fate.FAILED}
# A campaign by Viber as a whole, while its one number has no state of its own.
_CAMPAIGN: Final = {
    0: Fate.FAILED,
    1: Fate.ACCEPTED,
    2: Fate.ACCEPTED,
    3: Fate.SENT,
    4: Fate.ACCEPTED,
    5: Fate.FAILED,
}
NO_MONEY: Final = 5


class SmsAero:
    """One account; its line carries e-mail and key as Basic authentication. `sign` is the registered sender; with `viber_sign` it carries Viber too."""

    name = "smsaero"

    def __init__(self, line: Line, *, sign: str, viber_sign: str | None = None) -> None:
        self._line = line
        self._sign = sign
        self._viber_sign = viber_sign
        self.channels = frozenset({Channel.SMS} | ({Channel.VIBER} if viber_sign else set()))

    async def send(self, message: Message) -> Told:
        """Hand a message over. Raises `Refused`, `Unavailable`, `Drained` or `Uncertain`."""
        asked: dict[str, Any] = {"number": message.to.removeprefix("+"), "text": message.text}
        if message.channel is Channel.VIBER:
            asked |= {"sign": self._viber_sign, "channel": "OFFICIAL"}
        else:
            asked["sign"] = self._sign
        if message.callback_url is not None:
            asked |= {"callbackUrl": message.callback_url, "callbackFormat": "JSON"}
        data = await self._call("viber/send" if message.channel is Channel.VIBER else "sms/send", asked)
        one = data[0] if isinstance(data, list) and len(data) == 1 else data
        if not isinstance(one, dict) or whole(one.get("id")) is None:
            raise Uncertain("took the message and gave no id")
        return _told(one, message.channel)

    async def resolve(self, message: Message, *, handed_at: datetime, known: Collection[str]) -> Told | None:
        """Look for the message in the vendor's list, by number and text. Viber has no such list: it stays unknown."""
        if message.channel is Channel.VIBER:
            raise Uncertain("cannot be looked up: campaigns by Viber have no list by number")
        data = await self._call("sms/list", {"number": message.to.removeprefix("+"), "text": message.text})
        earliest = (handed_at - SKEW).timestamp()
        for one in _listed(data):
            created = whole(one.get("dateCreate"))
            same = str(one.get("text")) == message.text and str(one.get("number")) == message.to.removeprefix("+")
            if same and created is not None and created >= earliest and str(one.get("id")) not in known:
                return _told(one, message.channel)
        return None

    async def ask(self, provider_id: str, message: Message) -> Told | None:
        """What became of a message by now."""
        if message.channel is Channel.SMS:
            data = await self._call("sms/status", {"id": int(provider_id)})
            return _told(data, Channel.SMS) if isinstance(data, dict) else None
        data = await self._call("viber/statistic", {"sendingId": int(provider_id)})
        for one in _listed(data):
            if str(one.get("number")) == message.to.removeprefix("+"):
                fate = _VIBER.get(whole(one.get("status")) or 0, Fate.ACCEPTED)
                return Told(provider_id=provider_id, fate=fate, raw=cut(one.get("extendStatus", "")))
        return None

    async def price(self, message: Message) -> int | None:  # noqa: ARG002 - the port's signature
        """Not said beforehand: the vendor's tariffs are by operator, and its answer to a hand-over tells the cost."""
        return None

    async def balance(self) -> int | None:
        """Kopecks on the account."""
        data = await self._call("balance", {})
        return kopecks(data.get("balance")) if isinstance(data, dict) else None

    async def stop(self, number: str) -> None:
        """Enter a number into the account's blacklist, once."""
        if await self._stopped(number) is None:
            await self._call("blacklist/add", {"number": number.removeprefix("+")})

    async def resume(self, number: str) -> None:
        """Take a number out of the account's blacklist, whoever entered it."""
        entry = await self._stopped(number)
        if entry is not None:
            await self._call("blacklist/delete", {"id": entry})

    async def _stopped(self, number: str) -> int | None:
        digits = number.removeprefix("+")
        found = _listed(await self._call("blacklist/list", {"number": digits}))
        return next((whole(one.get("id")) for one in found if str(one.get("number")) == digits), None)

    def read(self, body: bytes, content_type: str) -> list[Report]:
        """Ids only. What else stands in a report is unverified, so each one is a reason to ask, and no proof."""
        found = read_json(body) if "json" in content_type else None
        ids = [one.get("id") for one in _listed(found if isinstance(found, list) else [found])]
        if not ids or any(whole(each) is None for each in ids):
            raise Unreadable("a report of SMS Aero is JSON with an id")
        return [Report(provider_id=str(each)) for each in ids]

    async def _call(self, path: str, asked: dict[str, Any]) -> Any:
        return _data(await self._line.post(path, asked))


def _data(answer: Answer) -> Any:
    """What stands in the envelope, or the refusal that it is."""
    body = answer.body
    if not isinstance(body, dict):
        raise Uncertain(f"answered {answer.status} without JSON")
    if body.get("success") is True:
        return body.get("data")
    if body.get("result") == "no credits":
        raise Drained("no money")
    reason = cut(body.get("message") or body.get("reason") or body.get("result") or "no reason")
    if "credit" in reason.lower() or "balance" in reason.lower() or "money" in reason.lower():
        raise Drained(f"no money: {reason}")
    raise Refused(f"SMS Aero: {reason}")


def _told(one: dict[str, Any], channel: Channel) -> Told:
    status, told = whole(one.get("status")), cut(one.get("extendStatus", ""))
    if channel is Channel.VIBER and status == NO_MONEY:
        raise Drained("no money for Viber")
    fates = _SMS if channel is Channel.SMS else _CAMPAIGN
    # A status we have not heard of is no news: whoever waits goes on waiting.
    fate = fates.get(status if status is not None else -1, Fate.ACCEPTED)
    return Told(provider_id=str(one["id"]), fate=fate, raw=f"{status} {told}".strip(), cost=kopecks(one.get("cost")))


def _listed(data: object) -> Iterator[dict[str, Any]]:
    """The rows of a list, which comes as an array or as an object with numbers for names."""
    rows = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    yield from (row for row in rows if isinstance(row, dict) and ("id" in row or "number" in row))
