"""Settlement written out: that it was, by whom and how many rows, stands in the log before the first row leaves."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Access
from loyalty.settlement import Cell, Liability, cells, liabilities
from loyalty.statements import StatementState
from services import programmes
from services.audit import Actor
from services.resources import Resources
from services.settlement import reading
from services.settlement.periods import Period
from services.settlement.reading import VIEW
from services.staff.acting import acting

ACTION: Final = "settlement.export"


class Sheet(StrEnum):
    """What can be written out: who owes whom, what each issuer stands for, or every fact of a month."""

    STATEMENT = "statement"
    LIABILITY = "liability"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is written out: the sums of the reader's side, the oldest month first. Its lines are read by `access`."""

    sheet: Sheet
    month: date | None
    access: Access
    cells: tuple[tuple[Period, Cell, StatementState], ...]
    liabilities: tuple[Liability, ...]


async def begin(actor: Actor, sheet: Sheet, month: date | None, *, resources: Resources, now: datetime) -> Statement:
    """Write into the log what is about to be read out, and read the sums. Without a month, all of them.

    Raises NOT_FOUND for a month without settlement, FORBIDDEN without the right.
    """
    async with acting(actor, VIEW, ACTION, resources=resources, now=now) as act:
        found = await reading.books(act.actor.access, now)
        wanted = [one for one in found.periods if month is None or one.month == month]
        if month is not None and not wanted:
            raise Refusal(Code.NOT_FOUND, "settlement.no_month", field="month")
        programme = await programmes.current(now)
        mine = reading.issuers(found)
        order = [slug for slug in reading.parties(found, tuple(programme.partners_by_id)) if slug in mine]
        statement = Statement(
            sheet,
            month,
            act.actor.access,
            tuple((one, cell, found.state(one, cell)) for one in wanted for cell in cells(found.flows, one.month)),
            liabilities(found.flows, [one.month for one in wanted], order),
        )
        counts = {
            Sheet.STATEMENT: len(statement.cells),
            Sheet.LIABILITY: len(statement.liabilities),
            Sheet.LINES: sum(flow.facts for flow in found.flows if flow.month == month),
        }
        held = act.actor.access.scopes[VIEW]
        act.record(
            "settlement",
            "all" if month is None else f"{month:%Y-%m}",
            scope=PROGRAMME if PROGRAMME in held else held[0],
            after={"sheet": sheet.value, "rows": counts[sheet]},
        )
        return statement
