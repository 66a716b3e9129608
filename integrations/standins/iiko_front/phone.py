"""A guest's phone: signed in over GraphQL, it draws the code of its card by the keys it was given."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import httpx2

from loyalty import codes

_SIGN_IN: Final = (
    "mutation ($login: String!, $password: String!) { signIn(login: $login, password: $password, transport: BEARER)"
    " { ... on SignedIn { token } ... on Problem { code message } } }"
)
_KEY: Final = (
    'mutation { issueCardKey(device: "iiko simulator") { ... on CardKey { handle days { day key } }'
    " ... on Problem { code message } } }"
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A handle, and a key for each UTC day."""

    handle: str
    days: Mapping[str, bytes]

    def code(self, at: datetime) -> str:
        """The 24 digits at a moment."""
        step = codes.step_at(int(at.timestamp()))
        first22 = f"{codes.PREFIX}{self.handle}{codes.otp(self.days[codes.day_of(step).isoformat()], step)}"
        return first22 + codes.check_of(first22)


async def sign_in(client: httpx2.AsyncClient, login: str, password: str) -> Phone:
    """The phone of a member. Raises RuntimeError with what the server said."""
    token = (await _ask(client, _SIGN_IN, {}, login=login, password=password))["token"]
    key = await _ask(client, _KEY, {"Authorization": f"Bearer {token}"})
    return Phone(key["handle"], {day["day"]: base64.b64decode(day["key"]) for day in key["days"]})


async def _ask(client: httpx2.AsyncClient, query: str, headers: dict[str, str], **variables: str) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    answer = (await client.post("/graphql", json=body, headers={"X-Kunak": "1", **headers})).json()
    (told,) = (answer.get("data") or {"nothing": answer}).values()
    if "code" in told or "errors" in told:
        raise RuntimeError(str(told))
    found: dict[str, Any] = told
    return found
