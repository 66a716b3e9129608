"""Errors as callers see them: refusals keep their code, faults become one sentence, documents a reason without echo.

A fault is logged once, in at most 2 KB, by operation name and hash of the document; never with literals, variables
or the text of the exception, which may hold both.
"""

import re
import traceback
from collections.abc import Iterable
from typing import Any

import structlog
from graphql import GraphQLError
from prometheus_client import Counter

from graph.context import Context
from graph.words import sentence
from loyalty.refusals import Code, Refusal

INVALID_QUERY = "INVALID_QUERY"
Told = dict[str, Any]

_FRAMES_MAX = 12
_NAME = r"[_A-Za-z][_0-9A-Za-z]{0,63}"
# Messages about a document that hold nothing but names; all others may hold a value and are replaced.
_SAFE = re.compile(
    rf"""(?:Cannot\ query\ field\ '{_NAME}'\ on\ type\ '{_NAME}'\.
    |Unknown\ argument\ '{_NAME}'\ on\ (?:field|directive)\ '[@._0-9A-Za-z]{{1,130}}'\.
    |Unknown\ (?:type|fragment|directive)\ '@?{_NAME}'\.
    |Variable\ '\${_NAME}'\ is\ (?:not\ defined|never\ used)(?:\ (?:by|in)\ operation\ '{_NAME}')?\.
    |Field\ '{_NAME}'\ of\ type\ '[][!_0-9A-Za-z]{{1,70}}'\ must\ have\ a\ selection\ of\ subfields\.
    |Field\ '{_NAME}'\ must\ not\ have\ a\ selection\ since\ type\ '[][!_0-9A-Za-z]{{1,70}}'\ has\ no\ subfields\.
    |(?:Field|Directive)\ '@?{_NAME}'\ argument\ '{_NAME}'\ of\ type\ '[][!_0-9A-Za-z]{{1,70}}'\ is\ required,
        \ but\ it\ was\ not\ provided\.)""",
    re.VERBOSE,
)
_VARIABLE = re.compile(rf"Variable '(\${_NAME})' has invalid (?:default )?value(?: at ([.\[\]_0-9A-Za-z]{{1,200}}))?:")
_HINT = re.compile(r"\s*Did you mean .*", re.DOTALL)

FAULTS = Counter("kunak_faults_total", "Faults of ours: what was answered INTERNAL.")

log = structlog.get_logger("kunak.faults")


def document_refused(errors: Iterable[GraphQLError], *, open_schema: bool) -> Told:
    """One error for a document that does not fit; its reason without values, and without names in production."""
    error = next(iter(errors), None)
    told: Told = {"message": "The document or its variables do not fit the schema."}
    if error:
        told["message"] = _reason(_HINT.sub("", error.message), open_schema=open_schema) or told["message"]
    if error and error.locations:
        told["locations"] = [place.formatted for place in error.locations[:1]]
    told["extensions"] = {"code": INVALID_QUERY}
    return told


def _reason(message: str, *, open_schema: bool) -> str | None:
    if open_schema and _SAFE.fullmatch(message):
        return message
    if variable := _VARIABLE.match(message):
        name, path = variable.groups()
        return f"Variable '{name}' has a value of a wrong type" + (f" at {path}." if path else ".")
    if message.startswith("Syntax Error"):
        return "Syntax error."
    return None


def told(errors: Iterable[GraphQLError], context: Context, *, operation: str, document: str) -> list[Told]:
    """The errors of an executed operation as its caller may read them; every fault among them is logged."""
    return [_told(error, context, operation=operation, document=document) for error in errors]


def _told(error: GraphQLError, context: Context, *, operation: str, document: str) -> Told:
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    answer: Told = {"message": ""}
    if error.path:
        answer["path"] = error.path
    if isinstance(cause, Refusal):
        return answer | _refused(cause, context)
    path = ".".join(str(step) for step in error.path or ())[:200]
    report(cause or error, request=context.request_id, operation=operation, document=document, path=path)
    return answer | {
        "message": sentence("internal", context.locale),
        "extensions": {"code": Code.INTERNAL.value, "requestId": context.request_id},
    }


def _refused(refusal: Refusal, context: Context) -> Told:
    extensions: dict[str, Any] = {
        "code": refusal.code.value,
        "retryable": refusal.retryable,
        "requestId": context.request_id,
    }
    if refusal.field is not None:
        extensions["field"] = refusal.field
    if refusal.retry_after_seconds is not None:
        extensions["retryAfterSeconds"] = refusal.retry_after_seconds
    return {"message": sentence(refusal.words, context.locale, refusal.facts), "extensions": extensions}


def report(cause: BaseException, **facts: str) -> None:
    """Log a fault once: its kind, PostgreSQL's code and the places it went through, never what was said in it."""
    FAULTS.inc()
    frames = traceback.extract_tb(cause.__traceback__)[-_FRAMES_MAX:]
    places = [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}:{frame.name}" for frame in frames]
    log.error(
        "fault",
        **facts,
        kind=f"{type(cause).__module__}.{type(cause).__qualname__}"[:120],
        sqlstate=getattr(cause, "sqlstate", None),
        places=[place[:110] for place in places],
    )
