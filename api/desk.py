"""The desk of /graphql: what its two doors, HTTP and WebSocket, share, and how a request finds its document."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from os import urandom
from typing import Final

from api.asgi import Header, Scope, header_of
from api.bodies import Request, read_json, read_request
from api.rates import Rates
from api.sessions import Credential, Sessions, foreign_origin
from graph.context import Context, TillViewer, Viewer
from graph.documents import Document, Documents, refused
from graph.execution import Executing
from graph.loaders import Loaders
from graph.words import locale_of
from services.resources import Resources
from services.sites import places

AGENT_LONGEST: Final = 300
LARGE_BYTES: Final = 8 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every request shares: documents and the way to run them, sessions, the clock and the resources."""

    documents: Documents
    executing: Executing
    sessions: Sessions
    resources: Resources
    rates: Rates
    clock: Callable[[], datetime]
    origins: frozenset[str] = frozenset()
    open_schema: bool = False
    """Whether anybody may ask for the schema; so it is in the demo."""
    developer_key: str | None = None
    """Whoever sends this in X-Kunak-Developer may ask for the schema too."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Whoever has some milliseconds of work takes it and lets the loop go round once before, so that a crowd of them
    leaves everybody else a breath between two."""

    def count(self, credential: Credential, viewer: Viewer, headers: list[Header]) -> None:
        """Tell a key in the answer's headers how often it may still ask; a page asks as often as its reader clicks.

        Raises `TooOften`.
        """
        if credential.kind == "TILL_KEY" and isinstance(viewer, TillViewer):
            self.rates.count(viewer.till, headers, self.clock())

    def is_open_to(self, scope: Scope) -> bool:
        """Whether this sender may ask for the schema and read why a document does not fit it."""
        if self.open_schema or not self.developer_key:
            return self.open_schema
        shown = header_of(scope, b"x-kunak-developer") or ""
        return compare_digest(shown.encode(), self.developer_key.encode())

    async def site_origin(self, scope: Scope) -> str | None:
        """The origin of the partner's own site whose page sends this; None for everybody else."""
        origin = foreign_origin(scope, self.origins)
        if origin is None or not await places.is_known(origin, self.resources, self.clock()):
            return None
        return origin

    async def read(self, body: bytes) -> Request:
        """The request in a body; large ones are read one at a time. Raises `Turned`."""
        if len(body) <= LARGE_BYTES:
            return read_request(read_json(body))
        async with self.turn:
            await asyncio.sleep(0)
            return read_request(read_json(body))

    async def document(self, request: Request, *, open_schema: bool) -> Document:
        """The document a request names; new ones are read one at a time. Raises `DocumentRefused`."""
        if request.text is None:
            document = self.documents.of_hash(request.digest or "")
        elif self.documents.knows(request.text):
            document = self.documents.of_text(request.text, open_schema=open_schema)
        else:
            async with self.turn:
                await asyncio.sleep(0)
                document = self.documents.of_text(request.text, open_schema=open_schema)
        if request.operation is not None and request.operation != document.name:
            raise refused("The document has no operation of this name.")
        return document

    def context(
        self,
        scope: Scope,
        viewer: Viewer,
        cookies: Mapping[str, str],
        request_id: str,
        *,
        site_origin: str | None = None,
    ) -> Context:
        """What resolvers are told about a request at the moment it is made."""
        client = scope.get("client")
        return Context(
            viewer=viewer,
            locale=locale_of(header_of(scope, b"accept-language")),
            request_id=request_id,
            address=client[0] if client else "",
            agent=(header_of(scope, b"user-agent") or "")[:AGENT_LONGEST],
            now=self.clock(),
            resources=self.resources,
            loaders=Loaders(),
            cookies=cookies,
            site_origin=site_origin,
        )


def new_request_id() -> str:
    """The name of one request in our log and in its answer."""
    return urandom(8).hex()
