"""Entering the panel and leaving it, and one's own password and codes."""

from __future__ import annotations

import strawberry

from graph.context import STAFF_COOKIE, Context, Info, StaffViewer, StepViewer
from graph.permissions import public, staff
from graph.staff.results import (
    ChangeStaffPasswordResult,
    ConfirmStaffCodeResult,
    ConfirmStaffEnrolmentResult,
    RecoveryCodes,
    RegenerateRecoveryCodesResult,
    StaffCodeNeeded,
    StaffEnrolled,
    StaffEnrolment,
    StaffPasswordChanged,
    StaffSignedIn,
    StaffSignedOut,
    StaffSignInResult,
    StaffSignOutResult,
    StartStaffEnrolmentResult,
)
from graph.staff.types import Staff
from loyalty.refusals import Code, Refusal
from services import programmes
from services.callers import Caller
from services.staff import enrolling, passwords, sessions, signing_in
from services.staff.signing_in import Entered


@strawberry.type
class StaffMutations:
    """Entering the panel and leaving it, and one's own password and codes."""

    @strawberry.mutation(
        extensions=[public()],
        description="The first of two steps into the panel. One answer for every wrong address and password.",
    )
    async def staff_sign_in(self, info: Info, email: str, password: str) -> StaffSignInResult:
        """The first of two steps into the panel."""
        context = info.context
        step = await signing_in.sign_in(
            email, password, caller=_caller(context), resources=context.resources, now=context.now
        )
        age = int(signing_in.STEP_LIFE.total_seconds())
        context.set_cookie(STAFF_COOKIE, step.token, max_age_seconds=age)
        return StaffCodeNeeded(expires_at=step.expires_at)

    @strawberry.mutation(
        extensions=[public()], description="The second step: six digits of the app, in the browser of the first."
    )
    async def confirm_staff_code(self, info: Info, code: str) -> ConfirmStaffCodeResult:
        """The second step, by the app."""
        context = info.context
        entered = await signing_in.enter_by_code(
            _step(context), code, caller=_caller(context), resources=context.resources, now=context.now
        )
        return StaffSignedIn(viewer=await _entered(context, entered))

    @strawberry.mutation(
        extensions=[public()], description="The second step when the phone is lost: a recovery code, which is used up."
    )
    async def use_recovery_code(self, info: Info, code: str) -> ConfirmStaffCodeResult:
        """The second step, by a recovery code."""
        context = info.context
        entered = await signing_in.enter_by_recovery(
            _step(context), code, caller=_caller(context), resources=context.resources, now=context.now
        )
        return StaffSignedIn(viewer=await _entered(context, entered))

    @strawberry.mutation(
        extensions=[public()],
        description="Choose a password by the link of an invitation: 12 characters or more that nobody guesses.",
    )
    async def start_staff_enrolment(self, info: Info, token: str, password: str) -> StartStaffEnrolmentResult:
        """Choose a password by the link of an invitation."""
        context = info.context
        begun = await enrolling.start(
            token, password, caller=_caller(context), resources=context.resources, now=context.now
        )
        age = int(enrolling.STEP_LIFE.total_seconds())
        context.set_cookie(STAFF_COOKIE, begun.token, max_age_seconds=age)
        return StaffEnrolment(secret=begun.secret, uri=begun.uri, expires_at=begun.expires_at)

    @strawberry.mutation(
        extensions=[public()],
        description="The first six digits of the app: password and second factor count from here.",
    )
    async def confirm_staff_enrolment(self, info: Info, code: str) -> ConfirmStaffEnrolmentResult:
        """The first six digits of the app."""
        context = info.context
        entered, codes = await enrolling.confirm(
            _step(context), code, caller=_caller(context), resources=context.resources, now=context.now
        )
        return StaffEnrolled(viewer=await _entered(context, entered), recovery_codes=codes)

    @strawberry.mutation(extensions=[staff()], description="End this session.")
    async def staff_sign_out(self, info: Info) -> StaffSignOutResult:
        """End this session."""
        context = info.context
        await sessions.sign_out(context.staff.id, context.now)
        context.clear_cookie(STAFF_COOKIE)
        return StaffSignedOut(at=context.now)

    @strawberry.mutation(
        extensions=[staff()],
        description="Choose a new password by the old one and the app. Other sessions end at once.",
    )
    async def change_staff_password(
        self, info: Info, current: str, password: str, code: str
    ) -> ChangeStaffPasswordResult:
        """Choose a new password."""
        context = info.context
        await passwords.change(
            context.actor,
            context.staff.staff_id,
            current=current,
            password=password,
            code=code,
            resources=context.resources,
            now=context.now,
        )
        return StaffPasswordChanged(at=context.now)

    @strawberry.mutation(extensions=[staff()], description="Ten new recovery codes by the app; the old ones are void.")
    async def regenerate_recovery_codes(self, info: Info, code: str) -> RegenerateRecoveryCodesResult:
        """Ten new recovery codes."""
        context = info.context
        codes = await passwords.regenerate_recovery_codes(
            context.actor, context.staff.staff_id, code=code, resources=context.resources, now=context.now
        )
        return RecoveryCodes(codes=codes)


def _caller(context: Context) -> Caller:
    viewer = context.viewer
    session = viewer.session.id if isinstance(viewer, StaffViewer) else None
    return Caller(address=context.address, agent=context.agent, locale=context.locale, session_id=session)


def _step(context: Context) -> str:
    """The token of the step that this browser is at."""
    if not isinstance(context.viewer, StepViewer):
        raise Refusal(Code.UNAUTHENTICATED, "staff.step_over")
    return context.viewer.token


async def _entered(context: Context, entered: Entered) -> Staff:
    session = await sessions.find_session(entered.token, context.now)
    if session is None:
        raise Refusal(Code.UNAUTHENTICATED, "staff_unauthenticated")  # blocked in the same moment
    context.viewer = StaffViewer(session)
    context.set_cookie(STAFF_COOKIE, entered.token, max_age_seconds=int(sessions.ABSOLUTE.total_seconds()))
    return Staff.of(session, await programmes.current(context.now), context.locale, context.now)
