"""Files that the staff download: streamed page by page, read by the rights of the moment, noted in the log."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.desk import Desk, new_request_id
from api.errors import Turned
from api.sessions import check_forgery, cookies_of, credential_of
from graph.context import Context
from graph.operations import sheets as operation_sheets
from graph.scalars import read_date, read_uuid
from graph.settlement.sheets import HEADS, cell_row, liability_row, line_row
from graph.words import sentence
from loyalty.refusals import Code, Refusal
from loyalty.scopes import Access
from services import programmes, sheets
from services.operations import exporting, listing
from services.operations.listing import Filters
from services.settlement import reading
from services.settlement.exporting import Sheet, Statement, begin
from services.settlement.reading import Wanted
from services.sheets import Dialect

PATH: Final = "/exports/settlement.csv"
OPERATIONS: Final = "/exports/operations.csv"
Begin: TypeAlias = Callable[[Context, Request], Awaitable[tuple[str, AsyncIterator[bytes]]]]
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
        return [
            Route(PATH, self._settlement, methods=["GET"]),
            Route(OPERATIONS, self._operations, methods=["GET"]),
        ]

    async def _settlement(self, request: Request) -> Response:
        return await self._answered(request, _settlement)

    async def _operations(self, request: Request) -> Response:
        return await self._answered(request, _operations)

    async def _answered(self, request: Request, begin: Begin) -> Response:
        if self._desk is None:
            return PlainTextResponse("busy\n", 503, headers=_NO_STORE)
        try:
            context = await _context(self._desk, request)
        except Turned as turned:
            return PlainTextResponse(f"{turned.error['message']}\n", turned.status, headers=_NO_STORE)
        except Refusal as refusal:
            wait = str(refusal.retry_after_seconds or 1)
            return PlainTextResponse("busy\n", 503, headers=_NO_STORE | {"retry-after": wait})
        try:
            name, pages = await begin(context, request)
        except Refusal as refusal:
            told = sentence(refusal.words, context.locale, refusal.facts)
            return PlainTextResponse(f"{told}\n", _STATUS.get(refusal.code, 503), headers=_NO_STORE)
        return StreamingResponse(
            pages,
            media_type="text/csv; charset=utf-8",
            headers=_NO_STORE | {"content-disposition": f'attachment; filename="{name}"'},
        )


async def _settlement(context: Context, request: Request) -> tuple[str, AsyncIterator[bytes]]:
    sheet, month, dialect = _asked(request)
    statement = await begin(context.actor, sheet, month, resources=context.resources, now=context.now)
    name = f"settlement-{sheet.value}{'' if month is None else f'-{month:%Y-%m}'}.csv"
    return name, _pages(context, statement, dialect)


async def _operations(context: Context, request: Request) -> tuple[str, AsyncIterator[bytes]]:
    filters, dialect = _filters(request)
    access = await exporting.begin(context.actor, filters, resources=context.resources, now=context.now)
    return "operations.csv", _operation_pages(context, access, filters, dialect)


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


def _filters(request: Request) -> tuple[Filters, Dialect]:
    query = request.query_params
    try:
        filters = Filters(
            partner=query.get("partner"),
            outlet=query.get("outlet"),
            channel=query.get("channel"),
            receipt=query.get("receipt"),
            since=read_date(query["from"]) if "from" in query else None,
            until=read_date(query["to"]) if "to" in query else None,
            refunded={"yes": True, "no": False}[query["refunded"]] if "refunded" in query else None,
            member=read_uuid(query["member"]) if "member" in query else None,
        )
        return filters, Dialect(query.get("for", Dialect.RFC4180))
    except (KeyError, ValueError, OverflowError):
        raise Refusal(Code.INVALID_INPUT, "operations.filter", field="from") from None


async def _operation_pages(
    context: Context, access: Access, filters: Filters, dialect: Dialect
) -> AsyncIterator[bytes]:
    programme, locale = await programmes.current(context.now), context.locale
    head = [sentence(key, locale) for key in operation_sheets.HEADS]
    yield sheets.beginning(dialect).encode() + sheets.written([head], dialect)
    async for page in listing.every(access, filters):
        yield sheets.written([operation_sheets.row(one, programme, locale, dialect) for one in page], dialect)


async def _pages(context: Context, statement: Statement, dialect: Dialect) -> AsyncIterator[bytes]:
    programme, locale = await programmes.current(context.now), context.locale
    head = [sentence(key, locale) for key in HEADS[statement.sheet]]
    yield sheets.beginning(dialect).encode() + sheets.written([head], dialect)
    if statement.sheet is Sheet.STATEMENT:
        yield sheets.written((cell_row(pair, programme, locale, dialect) for pair in statement.cells), dialect)
    elif statement.sheet is Sheet.LIABILITY:
        yield sheets.written((liability_row(row, programme, locale, dialect) for row in statement.liabilities), dialect)
    elif statement.month is not None:
        async for page in reading.every_line(statement.access, Wanted(statement.month), context.now):
            yield sheets.written([line_row(line, programme, locale, dialect) for line in page], dialect)
