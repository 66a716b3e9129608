"""Bodies: read within a size and a time, decoded strictly, shaped into a request; nothing is guessed or repaired."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, Never

from api.asgi import Receive, Scope, header_of, headers_of
from api.errors import BAD_JSON, METHOD_NOT_ALLOWED, TOO_LARGE, UNSUPPORTED_TYPE, Turned, bad_json, invalid_query

BODY_BYTES: Final = 64 * 1024
READ_SECONDS: Final = 10.0
DEPTH: Final = 32
DIGITS: Final = 20

# A string that never ends goes to the end of the body, so that no quote is looked at twice.
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)', re.DOTALL)
_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_OTHERS: Final = bytes(set(range(256)) - set(b"[]{}"))
_TYPES: Final = re.compile(r"application/json\s*(?:;\s*charset\s*=\s*\"?utf-8\"?\s*)?", re.IGNORECASE)


class Gone(Exception):
    """The client hung up before its request was complete."""


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request: a document or the hash of a trusted one, with its variables."""

    text: str | None
    digest: str | None
    operation: str | None
    variables: Mapping[str, Any]


def check_head(scope: Scope) -> None:
    """Refuse by the first line and the headers, before a byte of the body is read."""
    if scope["method"] != "POST":
        raise Turned(405, METHOD_NOT_ALLOWED, "Send operations by POST.")
    if not _TYPES.fullmatch(header_of(scope, b"content-type") or ""):
        raise Turned(415, UNSUPPORTED_TYPE, "Send application/json in UTF-8.")
    if (header_of(scope, b"content-encoding") or "identity").strip().lower() != "identity":
        raise Turned(415, UNSUPPORTED_TYPE, "Send the body without compression.")
    lengths = headers_of(scope, b"content-length")
    if any(not length.isdigit() or int(length[:20]) > BODY_BYTES for length in lengths):
        raise _too_large()


async def read_body(receive: Receive, *, most: int = BODY_BYTES) -> bytes:
    """The whole body, at most 64 KB of it unless it may be more, within ten seconds."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(READ_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                if part := message.get("body", b""):
                    size += len(part)
                    if size > most:
                        raise _too_large()
                    parts.append(part)
                if not message.get("more_body", False):
                    return parts[0] if len(parts) == 1 else b"".join(parts)
    except TimeoutError:
        raise Turned(408, BAD_JSON, "The body did not arrive in time.") from None


def _too_large() -> Turned:
    return Turned(413, TOO_LARGE, f"The body is too large: {BODY_BYTES} bytes at most.")


def read_json(body: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises `Turned` for everything that is not exactly that."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise bad_json("The body is not UTF-8.") from None
    if text.startswith("\ufeff"):
        raise bad_json("The body begins with a byte order mark.")
    if _is_too_deep(body):
        raise bad_json(f"The body is nested too deeply: {DEPTH} levels at most.")
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise bad_json("The body is not valid JSON.") from None


def _is_too_deep(body: bytes) -> bool:
    # Most bodies cannot be too deep for want of brackets. Of the others the strings are taken out, then the innermost
    # pairs, level by level; what is left has more levels, or brackets without a fellow.
    if body.count(b"{") + body.count(b"[") <= DEPTH:
        return False
    brackets = _STRING.sub(b"", body).translate(_BRACKETS, _OTHERS)
    for _ in range(DEPTH):
        outer = brackets.replace(b"[]", b"")
        if len(outer) == len(brackets):
            break
        brackets = outer
    return bool(brackets)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key is repeated")
    return read


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError("an integer is too long")
    return int(digits)


def _number(digits: str) -> float:
    if not isfinite(number := float(digits)):
        raise ValueError("a number is too large")
    return number


def _constant(_name: str) -> Never:
    raise ValueError("not a number of JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_number, parse_constant=_constant
)


def read_request(value: Any) -> Request:
    """The GraphQL request in a JSON value. Raises `Turned` for batches, other shapes and wrong types."""
    if not isinstance(value, dict):
        raise bad_json("The body must be one JSON object.")
    text, operation = value.get("query"), value.get("operationName")
    variables, extensions = value.get("variables"), value.get("extensions")
    if not isinstance(variables, dict | None) or not isinstance(extensions, dict | None):
        raise invalid_query("`variables` and `extensions` must be objects.")
    if not isinstance(operation, str | None):
        raise invalid_query("`operationName` must be a string.")
    if isinstance(text, str) and text:
        return Request(text, None, operation, variables or {})
    persisted = (extensions or {}).get("persistedQuery")
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if text is not None or not isinstance(digest, str):
        raise invalid_query("`query` must be a document.")
    return Request(None, digest, operation, variables or {})
