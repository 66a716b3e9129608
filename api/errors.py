"""Requests that are refused before they become an operation: a status, a code of the contract and a sentence."""

from typing import Any, Final

BAD_JSON: Final = "BAD_JSON"
INVALID_QUERY: Final = "INVALID_QUERY"
METHOD_NOT_ALLOWED: Final = "METHOD_NOT_ALLOWED"
TOO_LARGE: Final = "TOO_LARGE"
UNSUPPORTED_TYPE: Final = "UNSUPPORTED_TYPE"
FORBIDDEN: Final = "FORBIDDEN"


class Turned(Exception):
    """This request goes no further."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    @property
    def error(self) -> dict[str, Any]:
        """The one error its sender reads."""
        return {"message": self.message, "extensions": {"code": self.code}}


def bad_json(message: str) -> Turned:
    """The body is not the JSON object it should be."""
    return Turned(400, BAD_JSON, message)


def invalid_query(message: str) -> Turned:
    """The body is JSON, but no GraphQL request."""
    return Turned(400, INVALID_QUERY, message)
