"""The calls of the interface for plugins: a body read, a use case asked, its answer told. docs/iiko.md shows each."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.pos import telling
from api.pos.reading import TEXT_MAX, Body
from api.pos.telling import Told
from graph.faults import report
from graph.scalars import print_moment
from graph.words import Locale
from loyalty import codes
from loyalty.cashiers import cashier_of
from loyalty.purchases import LINES_MAX
from loyalty.refusals import Code, Refusal
from services import programmes
from services.identify import identify
from services.identify_by_phone import identify_by_phone
from services.phones import TYPED_LENGTH_MAX
from services.pos import moments, orders
from services.pos.closing import ClosedLine, ClosedOrder, close_order
from services.pos.deferred import KeptScan
from services.pos.menu import MenuLine
from services.pos.plugins import Contact
from services.pos.quoting import quote_order, reserve_order
from services.pos.returning import OrderRefund, ReturnedDish, refund_order
from services.purchases import TenderPaid
from services.resources import Resources
from services.tills import TillFacts, place_of

BATCH_MAX: Final = 100
CODE_MAX: Final = 1000
ID_MAX: Final = 64
VERSION_MAX: Final = 32
QUEUE_MAX: Final = 1_000_000
TENDERS: Final = ("CASH", "CARD", "GIFT_CARD", "INSTALMENT", "OTHER")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a plugin: who, what, when, and how its reader wants to be spoken to."""

    till: TillFacts
    body: Body
    contact: Contact | None
    now: datetime
    locale: Locale
    request_id: str
    resources: Resources

    def by_our_clock(self, moment: datetime) -> datetime:
        """A moment of the terminal's by our clock, where the terminal said what its own shows and is far off."""
        if self.contact is None:
            return moment
        return moments.by_our_clock(moment, sent_at=self.contact.sent_at, now=self.now)


Answer = Callable[[Call], Awaitable[Told]]


def read_contact(body: Body, now: datetime) -> Contact | None:
    """What the plugin says of itself with every call; it may be left out of all but `hello`.

    A terminal that does not say what its clock shows is taken at ours, so nothing it tells is moved.
    """
    if not body.has("plugin"):
        return None
    said = body.part("plugin")
    return Contact(
        terminal=said.text("terminal", most=ID_MAX),
        version=said.text("version", most=VERSION_MAX),
        front_version=said.maybe("front", lambda name: said.text(name, most=VERSION_MAX)),
        queue=said.number("queue", most=QUEUE_MAX) if said.has("queue") else 0,
        sent_at=said.moment("sentAt") if said.has("sentAt") else now,
    )


async def hello(call: Call) -> Told:
    """Register a plugin, and tell it where it stands and what time it is."""
    call.body.part("plugin")
    programme = await programmes.current(call.now)
    partner, outlet = place_of(call.till, programme)
    contact = call.contact
    return {
        "serverTime": print_moment(call.now),
        "clockSkewMillis": 0 if contact is None else round((call.now - contact.sent_at) / timedelta(milliseconds=1)),
        "till": {"id": str(call.till.id), "name": call.till.name},
        "partner": {"id": partner.id, "name": partner.name.in_locale(call.locale)},
        "outlet": {"id": outlet.id, "name": outlet.name.in_locale(call.locale), "timeZone": outlet.time_zone},
        "services": telling.services_of(programme, partner.id, ("TILL",), call.locale),
        "codes": {"prefix": codes.PREFIX, "digits": codes.CODE_DIGITS},
    }


async def identify_guest(call: Call) -> Told:
    """Whose code was scanned, or whose number was told; a told number earns and no more.

    What is no code of ours passes by: the database is not asked and nothing is counted.
    """
    body, scan_id = call.body, call.body.uuid("scanId")
    if body.has("phone"):
        if body.has("code"):
            raise Refusal(Code.INVALID_INPUT, "pos.code_or_phone", field=body.at("phone"))
        number = body.raw("phone", most=TYPED_LENGTH_MAX)
        told = await identify_by_phone(call.resources, call.till, scan_id=scan_id, number=number, now=call.now)
        return telling.identified(told, call.locale)
    code = body.raw("code", most=CODE_MAX)
    if codes.read_code(code) is None:
        return {"ours": False}
    found = await identify(call.resources, call.till, scan_id=scan_id, code=code, now=call.now)
    return telling.identified(found, call.locale)


async def show_order(call: Call) -> Told:
    """Whether an order has a guest, for a terminal that did not scan."""
    return telling.order(await orders.find(call.till, call.body.uuid("order")))


async def quote(call: Call) -> Told:
    """Price an order; with a ticket, give it that guest first."""
    body = call.body
    made = await quote_order(
        call.till,
        order=body.uuid("order"),
        ticket=body.maybe("ticket", body.uuid),
        lines=[read_line(line) for line in body.parts("lines", most=LINES_MAX)],
        now=call.now,
    )
    return telling.quoted(made, call.locale)


async def reserve(call: Call) -> Told:
    """Fix the price before money is taken."""
    body = call.body
    made, is_fixed = await reserve_order(
        call.till, order=body.uuid("order"), quote=body.uuid("quote"), discount=body.money("discount"), now=call.now
    )
    return {"result": "RESERVED" if is_fixed else "PRICE_CHANGED", "quote": telling.quoted(made, call.locale)}


async def commit(call: Call) -> Told:
    """Record a closed order as a purchase, once."""
    body = call.body
    closed = ClosedOrder(
        order=body.uuid("order"),
        quote=body.maybe("quote", body.uuid),
        scan=read_scan(call, body.part("scan")) if body.has("scan") else None,
        number=body.text("number", most=ID_MAX),
        closed_at=call.by_our_clock(body.moment("closedAt")),
        lines=[
            ClosedLine(read_line(line), line.money("discount") if line.has("discount") else 0)
            for line in body.parts("lines", most=LINES_MAX)
        ],
        tenders=[
            TenderPaid(tender.choice("kind", TENDERS), tender.money("amount"))
            for tender in body.parts("tenders", most=LINES_MAX, least=0)
        ],
        cashier=read_cashier(body),
    )
    return telling.closed(await close_order(call.resources, call.till, closed, now=call.now), call.locale)


async def cancel(call: Call) -> Told:
    """Take the guest off an order that was deleted."""
    is_cancelled = await orders.cancel(call.till, call.body.uuid("order"), call.now)
    return {"result": "CANCELLED" if is_cancelled else "NOTHING_TO_CANCEL"}


async def refund(call: Call) -> Told:
    """Return all or a part of an order."""
    body = call.body
    wanted = OrderRefund(
        order=body.uuid("order"),
        refund=body.uuid("refund"),
        number=body.text("number", most=ID_MAX),
        refunded_at=call.by_our_clock(body.moment("refundedAt")),
        dishes=[read_dish(line) for line in body.parts("lines", most=LINES_MAX)] if body.has("lines") else None,
        cashier=read_cashier(body),
    )
    return telling.refunded(await refund_order(call.resources, call.till, wanted, now=call.now))


async def batch(call: Call) -> Told:
    """Events that were queued without network, one after another; a refused one stops none."""
    answers = []
    for event in call.body.parts("events", most=BATCH_MAX):
        one = Call(call.till, event, call.contact, call.now, call.locale, call.request_id, call.resources)
        try:
            kind = event.choice("call", tuple(QUEUED))
            answers.append({"done": True, **await QUEUED[kind](one)})
        except Refusal as refusal:
            answers.append({"done": False, "problem": telling.problem(refusal, call.locale, call.request_id)})
        except Exception as fault:  # noqa: BLE001 - one event that breaks us must not hold up the queue behind it
            report(fault, request=call.request_id, operation="pos.batch")
            broken = Refusal(Code.INTERNAL, "internal", retryable=True)
            answers.append({"done": False, "problem": telling.problem(broken, call.locale, call.request_id)})
    return {"answers": answers}


QUEUED: Final[Mapping[str, Answer]] = {"commit": commit, "cancel": cancel, "refund": refund}
CALLS: Final[Mapping[str, Answer]] = {
    "hello": hello,
    "identify": identify_guest,
    "order": show_order,
    "quote": quote,
    "reserve": reserve,
    "batch": batch,
    **QUEUED,
}


def read_line(line: Body) -> MenuLine:
    """A line of an order."""
    group = line.part("group") if line.has("group") else None
    return MenuLine(
        item=line.uuid("item"),
        product=line.maybe("product", lambda name: line.text(name, most=ID_MAX)),
        group="" if group is None else group.text("id", most=ID_MAX),
        group_name="" if group is None else group.text("name"),
        name=line.text("name"),
        quantity=line.quantity("quantity"),
        amount=line.money("amount"),
    )


def read_cashier(body: Body) -> str | None:
    """Who stood at the till, by a sign of the till's own."""
    return cashier_of(body.maybe("cashier", lambda name: body.raw(name, most=TEXT_MAX)), field=body.at("cashier"))


def read_scan(call: Call, scan: Body) -> KeptScan:
    """A scan that was kept: the moment as the till said it, and as our clock would."""
    said = scan.moment("scannedAt")
    shown = [said]
    if call.contact is not None:
        shown = moments.may_have_shown(said, sent_at=call.contact.sent_at, now=call.now)
    return KeptScan(scan.uuid("scanId"), scan.raw("code", most=CODE_MAX), shown)


def read_dish(line: Body) -> ReturnedDish:
    """A part of a return: one of item and product, one of quantity and net."""
    item, product = line.maybe("item", line.uuid), line.maybe("product", lambda name: line.text(name, most=ID_MAX))
    if item is None and product is None:
        raise Refusal(Code.INVALID_INPUT, "text.empty", field=line.at("item"))
    quantity, net = line.maybe("quantity", line.quantity), line.maybe("net", line.money)
    if (quantity is None) == (net is None):
        raise Refusal(Code.INVALID_INPUT, "refund.one_measure", field=line.path)
    if net == 0:
        raise Refusal(Code.INVALID_INPUT, "refund.above_zero", field=line.at("net"))
    return ReturnedDish(item, product, quantity, net)
