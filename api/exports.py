"""Files that the staff download: streamed page by page, read by the rights of the moment, noted in the log."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.desk import Desk, new_request_id
from api.errors import Turned
from api.sessions import check_forgery, cookies_of, credential_of
from graph.context import Context
from graph.settlement.sheets import HEADS, cell_row, liability_row, line_row
from graph.words import sentence
from loyalty.refusals import Code, Refusal
from services import programmes, sheets
from services.settlement import reading
from services.settlement.exporting import Sheet, Statement, begin
from services.settlement.reading import Wanted
from services.sheets import Dialect

PATH: Final = "/exports/settlement.csv"
_STATUS: Final = {Code.UNAUTHENTICATED: 401, Code.FORBIDDEN: 403, Code.NOT_FOUND: 404, Code.INVALID_INPUT: 400}
_NO_STORE: Final = {"cache-control": "no-store"}


class Exports:
    """The addresses of files."""

    def __init__(self) -> None:
        self._desk: Desk | None = None

    def open(self, desk: Desk | None) -> None:
        """Begin to answer, or stop."""
        self._desk = desk

    @property
    def routes(self) -> list[Route]:
        """Where files are."""
        return [Route(PATH, self._settlement, methods=["GET"])]

    async def _settlement(self, request: Request) -> Response:
        if self._desk is None:
            return PlainTextResponse("busy\n", 503, headers=_NO_STORE)
        try:
            context = await _context(self._desk, request)
        except Turned as turned:
            return PlainTextResponse(f"{turned.error['message']}\n", turned.status, headers=_NO_STORE)
        except Refusal as refusal:
            return PlainTextResponse(
                "busy\n", 503, headers=_NO_STORE | {"retry-after": str(refusal.retry_after_seconds or 1)}
            )
        try:
            sheet, month, dialect = _asked(request)
            statement = await begin(context.actor, sheet, month, resources=context.resources, now=context.now)
        except Refusal as refusal:
            told = sentence(refusal.words, context.locale, refusal.facts)
            return PlainTextResponse(f"{told}\n", _STATUS.get(refusal.code, 503), headers=_NO_STORE)
        name = f"settlement-{sheet.value}{'' if month is None else f'-{month:%Y-%m}'}.csv"
        return StreamingResponse(
            _pages(context, statement, dialect),
            media_type="text/csv; charset=utf-8",
            headers=_NO_STORE | {"content-disposition": f'attachment; filename="{name}"'},
        )


async def _context(desk: Desk, request: Request) -> Context:
    scope = request.scope
    cookies = cookies_of(scope)
    credential = credential_of(scope, cookies)
    if credential.by_cookie:
        check_forgery(scope, desk.origins)
    viewer = await desk.sessions.viewer(credential, desk.clock())
    return desk.context(scope, viewer, cookies, new_request_id())


def _asked(request: Request) -> tuple[Sheet, date | None, Dialect]:
    query = request.query_params
    try:
        sheet = Sheet(query.get("sheet", Sheet.STATEMENT))
        month = date.fromisoformat(f"{query['month']}-01") if "month" in query else None
        return sheet, month, Dialect(query.get("for", Dialect.RFC4180))
    except ValueError:
        raise Refusal(Code.NOT_FOUND, "settlement.no_month", field="month") from None


async def _pages(context: Context, statement: Statement, dialect: Dialect) -> AsyncIterator[bytes]:
    programme, locale = await programmes.current(context.now), context.locale
    head = [sentence(key, locale) for key in HEADS[statement.sheet]]
    yield sheets.beginning(dialect).encode() + sheets.written([head], dialect)
    if statement.sheet is Sheet.STATEMENT:
        yield sheets.written((cell_row(*pair, programme, locale, dialect) for pair in statement.cells), dialect)
    elif statement.sheet is Sheet.LIABILITY:
        yield sheets.written((liability_row(row, programme, locale, dialect) for row in statement.liabilities), dialect)
    elif statement.month is not None:
        async for page in reading.every_line(statement.access, Wanted(statement.month), context.now):
            yield sheets.written([line_row(line, programme, locale, dialect) for line in page], dialect)
