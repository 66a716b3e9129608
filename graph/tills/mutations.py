"""Pairing a page, and scanning a guest's code."""

from uuid import UUID

import strawberry

from graph.arguments import Checked
from graph.context import TILL_COOKIE, Info
from graph.permissions import public, till
from graph.tills.types import (
    ConfirmSpendingCodeInput,
    Identified,
    IdentifyResult,
    PairTillResult,
    RequestSpendingCodeInput,
    RequestSpendingCodeResult,
    SpendingCodeSent,
    Till,
    TillPaired,
    TillUnpaired,
    UnpairTillResult,
)
from services import programmes, spending_code, tills
from services.callers import Caller
from services.identify import identify
from services.identify_by_phone import identify_by_phone
from services.points.balances import available_of_ticket


@strawberry.type
class TillMutations:
    """Pairing a page, and scanning a guest's code."""

    @strawberry.mutation(extensions=[public()], description="Exchange a till key for the cookie of a till page.")
    async def pair_till(self, info: Info, key: str) -> PairTillResult:
        """Exchange a till key for the cookie of a till page."""
        context = info.context
        facts, token, ends = await tills.pair(key, Caller(address=context.address), context.resources, context.now)
        programme = await programmes.current(context.now)
        age = int((ends - context.now).total_seconds())
        context.set_cookie(TILL_COOKIE, token, max_age_seconds=age)
        return TillPaired(till=Till.of(facts, programme, context.locale))

    @strawberry.mutation(extensions=[till()], description="End the pairing of this page.")
    async def unpair_till(self, info: Info) -> UnpairTillResult:
        """End the pairing of this page."""
        context = info.context
        await tills.unpair(context.till, context.now)
        context.clear_cookie(TILL_COOKIE)
        return TillUnpaired(at=context.now)

    # A scanner may end its digits with a carriage return, so the code is read by the rule of codes alone.
    @strawberry.mutation(
        extensions=[Checked(untouched={"code"}), till()],
        description="Exchange the 24 digits of a guest's code for a ticket. A repeated `scanId` gets its ticket again.",
    )
    async def identify(self, info: Info, scan_id: UUID, code: str) -> IdentifyResult:
        """Exchange the 24 digits of a guest's code for a ticket."""
        context = info.context
        scan = await identify(context.resources, context.till, scan_id=scan_id, code=code, now=context.now)
        has_points = scan.programme.points is not None
        points = await available_of_ticket(scan.ticket, context.now) if has_points else None
        return Identified.of(scan, context.till, context.locale, points)

    @strawberry.mutation(
        extensions=[till()],
        description=(
            "Exchange a told phone number for a ticket that earns and never spends, where the programme takes phones."
            " A repeated `scanId` gets its ticket again."
        ),
    )
    async def identify_by_phone(self, info: Info, scan_id: UUID, phone: str) -> IdentifyResult:
        """Exchange a told phone number for a ticket that earns."""
        context = info.context
        told = await identify_by_phone(context.resources, context.till, scan_id=scan_id, number=phone, now=context.now)
        return Identified.of(told, context.till, context.locale)

    @strawberry.mutation(
        extensions=[till()],
        description="Send the guest who told a number a code, by text or letter: with it the same ticket may spend, too.",
    )
    async def request_spending_code(
        self,
        info: Info,
        input: RequestSpendingCodeInput,  # noqa: A002 - the contract
    ) -> RequestSpendingCodeResult:
        """Send the guest who told a number a code."""
        context = info.context
        asked = await spending_code.request(
            context.till, str(input.ticket), context.resources, context.now, again=input.request
        )
        return SpendingCodeSent(
            request=strawberry.ID(asked.request), resend_after=asked.resend_after, expires_at=asked.expires_at
        )

    @strawberry.mutation(
        extensions=[till()],
        description="Take the code that the guest says: the ticket of the told number is as good as a scan's from now on.",
    )
    async def confirm_spending_code(
        self,
        info: Info,
        input: ConfirmSpendingCodeInput,  # noqa: A002 - the contract
    ) -> IdentifyResult:
        """Take the code that the guest says."""
        context = info.context
        shown = await spending_code.confirm(
            context.till,
            str(input.ticket),
            handle=str(input.request),
            code=input.code,
            resources=context.resources,
            now=context.now,
        )
        points = await available_of_ticket(shown.ticket, context.now)
        return Identified.of(shown, context.till, context.locale, points)
