"""What a request must be: every field of its type, the needed ones there, moments as the vendor writes them."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request

_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}")
IDS_MAX: Final = 200
Shape = Mapping[str, str]


class Wrong(Exception):
    """A request that is refused: the status, the code if there is one, and what the vendor says."""

    def __init__(self, message: str, *, status: int = 400, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


async def body_of(request: Request, shape: Shape) -> dict[str, Any]:
    """The body of a request. A shape names each field's type; a star needs it. Fields it does not know are left alone."""
    if "json" not in request.headers.get("content-type", ""):
        raise Wrong("Content-Type must be application/json")
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise Wrong("The body is not JSON") from None
    if not isinstance(body, dict):
        raise Wrong("The body is not an object")
    for name, kind in shape.items():
        value = body.get(name)
        if value is None:
            if kind.endswith("*"):
                raise Wrong(f"The field {name} is required")
        elif not _fits(value, kind.rstrip("*")):
            raise Wrong(f"The field {name} is not {kind.rstrip('*')}")
    return body


def moment_of(text: str) -> datetime:
    """A local moment."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")  # noqa: DTZ007 - the vendor's times have no zone


def _fits(value: Any, kind: str) -> bool:
    if kind == "uuid":
        return _is_uuid(value)
    if kind == "uuids":
        return isinstance(value, list) and len(value) <= IDS_MAX and all(_is_uuid(one) for one in value)
    if kind == "moment":
        return isinstance(value, str) and _MOMENT.fullmatch(value) is not None
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    types: dict[str, type] = {"text": str, "boolean": bool, "list": list, "object": dict}
    return isinstance(value, types[kind])


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False
