"""Entering the panel and leaving it; changing people, rights and roles."""

from __future__ import annotations

from uuid import UUID

import strawberry

from graph.context import STAFF_COOKIE, Context, Info, StaffViewer, StepViewer
from graph.permissions import needs, public, staff
from graph.staff.changes import (
    ChangeStaffResult,
    DecideGrantRequestResult,
    GrantRequestDecided,
    GrantsRequested,
    GrantsSaved,
    InviteStaffInput,
    InviteStaffResult,
    RoleSaved,
    RoleVersionConflict,
    SaveGrantsInput,
    SaveGrantsResult,
    SaveRoleInput,
    SaveRoleResult,
    StaffInvited,
    StaffSaved,
    StaffVersionConflict,
    UpdateStaffInput,
    UpdateStaffResult,
)
from graph.staff.members import ContactsRevealed, RevealContactsResult
from graph.staff.people import GrantDiff, GrantRequest, Role, StaffMember, View
from graph.staff.places import (
    AddTillInput,
    AddTillResult,
    EndTillResult,
    TillAdded,
    TillEnded,
    TillEntry,
)
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
from graph.staff.wishes import wanted
from loyalty.refusals import Code, Refusal
from services import programmes
from services.callers import Caller
from services.staff import (
    counters,
    deciding,
    enrolling,
    grants,
    inviting,
    lookups,
    passwords,
    role_changes,
    sessions,
    signing_in,
)
from services.staff.inviting import Changed, Form
from services.staff.people import StaffFacts
from services.staff.role_changes import RoleChanged, RoleForm
from services.staff.signing_in import Entered
from services.tills import SCOPES


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


@strawberry.type
class StaffChangingMutations:
    """Changing people, rights and roles."""

    @strawberry.mutation(extensions=[needs("admin.manage")], description="Invite somebody by letter.")
    async def invite_staff(self, info: Info, input: InviteStaffInput) -> InviteStaffResult:  # noqa: A002 - the contract
        """Invite somebody by letter."""
        context = info.context
        found = await inviting.invite(
            context.actor,
            _form(input),
            locale=input.locale.value,
            reason=input.reason,
            resources=context.resources,
            now=context.now,
        )
        return StaffInvited(staff=await _shown(context, found))

    @strawberry.mutation(
        extensions=[needs("admin.manage")],
        description="Change what is known of somebody. The address of who holds right 1 or 2 stays.",
    )
    async def update_staff(self, info: Info, input: UpdateStaffInput) -> UpdateStaffResult:  # noqa: A002 - the contract
        """Change what is known of somebody."""
        context = info.context
        found = await inviting.update(
            context.actor,
            input.id,
            input.version,
            _form(input),
            reason=input.reason,
            resources=context.resources,
            now=context.now,
        )
        if isinstance(found, Changed):
            return await _conflict(context, found)
        return StaffSaved(staff=await _shown(context, found))

    @strawberry.mutation(
        extensions=[needs("admin.manage")], description="Keep somebody out; every session ends at once."
    )
    async def block_staff(self, info: Info, id: UUID, reason: str) -> ChangeStaffResult:  # noqa: A002 - the contract
        """Keep somebody out."""
        context = info.context
        found = await inviting.block(context.actor, id, reason=reason, resources=context.resources, now=context.now)
        return StaffSaved(staff=await _shown(context, found))

    @strawberry.mutation(extensions=[needs("admin.manage")], description="Let somebody in again.")
    async def unblock_staff(self, info: Info, id: UUID, reason: str) -> ChangeStaffResult:  # noqa: A002 - the contract
        """Let somebody in again."""
        context = info.context
        found = await inviting.unblock(context.actor, id, reason=reason, resources=context.resources, now=context.now)
        return StaffSaved(staff=await _shown(context, found))

    @strawberry.mutation(
        extensions=[needs("admin.manage")],
        description="Password and second factor of somebody become void; a letter has a link to choose both anew.",
    )
    async def reset_staff_access(self, info: Info, id: UUID, reason: str) -> ChangeStaffResult:  # noqa: A002 - the contract
        """Password and second factor of somebody become void."""
        context = info.context
        found = await inviting.reset_access(
            context.actor, id, reason=reason, resources=context.resources, now=context.now
        )
        return StaffSaved(staff=await _shown(context, found))

    @strawberry.mutation(
        extensions=[needs("grant.manage")],
        description="Give somebody these grants and no others. What gives right 1 or 2 waits for a second holder.",
    )
    async def save_grants(self, info: Info, input: SaveGrantsInput) -> SaveGrantsResult:  # noqa: A002 - the contract
        """Give somebody these grants and no others."""
        context = info.context
        saved = await grants.save(
            context.actor,
            input.staff,
            input.version,
            await wanted(input.grants, context),
            reason=input.reason,
            resources=context.resources,
            now=context.now,
        )
        if isinstance(saved, Changed):
            return await _conflict(context, saved)
        view = await View.of(context)
        if isinstance(saved, grants.Saved):
            return GrantsSaved(staff=StaffMember.of(saved.staff, view), diff=GrantDiff.of(saved.difference, view))
        return GrantsRequested(request=(await GrantRequest.several([saved], view))[0])

    @strawberry.mutation(
        extensions=[needs("grant.manage")], description="Approve or reject a request; one's own may only be taken back."
    )
    async def decide_grant_request(
        self,
        info: Info,
        id: UUID,  # noqa: A002 - the contract
        approve: bool,  # noqa: FBT001 - the contract
        reason: str,
    ) -> DecideGrantRequestResult:
        """Approve or reject a request."""
        context = info.context
        decided = await deciding.decide(
            context.actor, id, approve=approve, reason=reason, resources=context.resources, now=context.now
        )
        return GrantRequestDecided(request=(await GrantRequest.several([decided], await View.of(context)))[0])

    @strawberry.mutation(
        extensions=[needs("grant.manage")], description="Make a role, or change one for everybody who holds it."
    )
    async def save_role(self, info: Info, input: SaveRoleInput) -> SaveRoleResult:  # noqa: A002 - the contract
        """Make a role, or change one."""
        context = info.context
        form = RoleForm(
            code=str(input.code), name_ru=input.name_ru, name_en=input.name_en, rights=tuple(map(str, input.rights))
        )
        saved = await role_changes.save(
            context.actor,
            input.id,
            input.version,
            form,
            reason=input.reason,
            resources=context.resources,
            now=context.now,
        )
        if isinstance(saved, RoleChanged):
            role = saved.role
            shown = Role.of(role, context.locale)
            return RoleVersionConflict(role=shown, changed_by=role.changed_by, changed_at=role.changed_at)
        waiting = [] if saved.request is None else await GrantRequest.several([saved.request], await View.of(context))
        return RoleSaved(role=Role.of(saved.role, context.locale), request=waiting[0] if waiting else None)


@strawberry.type
class StaffWorkingMutations:
    """The staff's work at counters and with guests."""

    @strawberry.mutation(extensions=[needs("pos.manage")], description="Add a till. Its key is shown this once.")
    async def add_till(self, info: Info, input: AddTillInput) -> AddTillResult:  # noqa: A002 - the contract
        """Add a till."""
        context = info.context
        form = counters.CounterForm(
            name=input.name,
            partner=str(input.partner),
            outlet=str(input.outlet),
            kind=input.kind.value,
            channels=tuple(channel.value for channel in input.channels),
            scopes=SCOPES if input.scopes is None else tuple(scope.value for scope in input.scopes),
            per_minute=input.per_minute,
        )
        till, key = await counters.add(
            context.actor, form, reason=input.reason, resources=context.resources, now=context.now
        )
        programme = await programmes.current(context.now)
        return TillAdded(till=TillEntry.of(till, programme, context.locale), key=key)

    @strawberry.mutation(extensions=[needs("pos.manage")], description="End a till with its key and its paired pages.")
    async def end_till(self, info: Info, id: UUID, reason: str) -> EndTillResult:  # noqa: A002 - the contract
        """End a till."""
        context = info.context
        till = await counters.end(context.actor, id, reason=reason, resources=context.resources, now=context.now)
        return TillEnded(till=TillEntry.of(till, await programmes.current(context.now), context.locale))

    @strawberry.mutation(
        extensions=[needs("pii.reveal")], description="Show a member's own data unmasked; it stands in the log."
    )
    async def reveal_contacts(self, info: Info, member: UUID, reason: str) -> RevealContactsResult:
        """Show a member's own data unmasked."""
        context = info.context
        found = await lookups.reveal(context.actor, member, reason=reason, resources=context.resources, now=context.now)
        return ContactsRevealed(
            last_name=found.last_name,
            first_name=found.first_name,
            patronymic=found.patronymic,
            birth_date=found.birth_date,
            email=found.email,
            phone=found.phone,
        )


def _form(filled: InviteStaffInput | UpdateStaffInput) -> Form:
    return Form(
        email=filled.email, name=filled.name, phone=filled.phone, partner=filled.partner, comment=filled.comment
    )


async def _shown(context: Context, found: StaffFacts) -> StaffMember:
    return StaffMember.of(found, await View.of(context))


async def _conflict(context: Context, changed: Changed) -> StaffVersionConflict:
    found = changed.staff
    shown = await _shown(context, found)
    return StaffVersionConflict(staff=shown, changed_by=found.changed_by, changed_at=found.changed_at)


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
