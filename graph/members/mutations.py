"""Joining, signing in and out, passwords, devices and consents."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import strawberry

from graph.context import SESSION_COOKIE, Info
from graph.members.consents import Consent
from graph.members.entering import caller_of, signed_in
from graph.members.results import (
    ChangePasswordResult,
    ConfirmationResent,
    ConfirmEmailResult,
    ConsentRecorded,
    ConsentResult,
    DeviceRevoked,
    EmailConfirmed,
    PasswordChanged,
    PasswordReset,
    PasswordResetRequested,
    Registered,
    RegisterInput,
    RegisterResult,
    RequestPasswordResetResult,
    ResendConfirmationResult,
    ResetPasswordResult,
    RevokeDeviceResult,
    SignedOut,
    SignInResult,
    SignOutResult,
)
from graph.members.types import SessionTransport
from graph.permissions import member, public
from graph.programme.types import DocumentKind
from services import confirming, consents, joining, recovery, sessions, signin

DEVICE_COOKIE: Final = "__Host-device"


@strawberry.type
class MemberMutations:
    """Joining, signing in and out, passwords, devices and consents."""

    @strawberry.mutation(
        extensions=[public()],
        description="Apply for a card. Same words and time for known and unknown people; the letter says the rest.",
    )
    async def register(self, info: Info, input: RegisterInput) -> RegisterResult:  # noqa: A002 - the contract
        """Apply for a card."""
        context = info.context
        sent = await joining.register(_application(input), caller_of(context), context.resources, context.now)
        return Registered(email=sent.email, resend_after=sent.resend_after)

    @strawberry.mutation(
        extensions=[public()],
        description="Ask for another confirmation letter. Earlier links stay alive, the code is new.",
    )
    async def resend_confirmation(self, info: Info, email: str) -> ResendConfirmationResult:
        """Ask for another confirmation letter."""
        context = info.context
        sent = await joining.resend_confirmation(email, caller_of(context), context.resources, context.now)
        return ConfirmationResent(resend_after=sent.resend_after)

    @strawberry.mutation(
        extensions=[public()],
        description="Confirm an address by the link of a letter: the card is issued. Twice is fine.",
    )
    async def confirm_email(self, info: Info, token: str) -> ConfirmEmailResult:
        """Confirm an address by the link of a letter."""
        context = info.context
        return EmailConfirmed(email=await confirming.confirm_by_link(token, context.now, signed_in=context.signed_in))

    @strawberry.mutation(
        extensions=[public()], description="Confirm an address by the six digits of its newest letter; five tries."
    )
    async def confirm_email_by_code(self, info: Info, email: str, code: str) -> ConfirmEmailResult:
        """Confirm an address by the six digits of its newest letter."""
        context = info.context
        address = await confirming.confirm_by_code(
            email, code, caller_of(context), context.resources, context.now, signed_in=context.signed_in
        )
        return EmailConfirmed(email=address)

    @strawberry.mutation(extensions=[public()], description="Open a session with an e-mail or phone and a password.")
    async def sign_in(
        self, info: Info, login: str, password: str, transport: SessionTransport = SessionTransport.COOKIE
    ) -> SignInResult:
        """Open a session."""
        context = info.context
        opened = await signin.sign_in(
            login, password, transport.value, caller=caller_of(context), resources=context.resources, now=context.now
        )
        return await signed_in(opened, transport, context)

    @strawberry.mutation(extensions=[member()], description="End this session and the card keys it issued.")
    async def sign_out(self, info: Info) -> SignOutResult:
        """End this session."""
        context = info.context
        await sessions.sign_out(context.member.session_id, context.now)
        context.clear_cookie(SESSION_COOKIE)
        return SignedOut(at=context.now)

    @strawberry.mutation(
        extensions=[public()],
        description="Ask for a letter with a link to a new password. Same answer for every address.",
    )
    async def request_password_reset(self, info: Info, email: str) -> RequestPasswordResetResult:
        """Ask for a letter with a link to a new password."""
        context = info.context
        sent = await recovery.request_reset(email, caller_of(context), context.resources, context.now)
        return PasswordResetRequested(resend_after=sent.resend_after)

    @strawberry.mutation(
        extensions=[public()], description="Choose a new password by the link of a letter, once. Every session ends."
    )
    async def reset_password(self, info: Info, token: str, password: str) -> ResetPasswordResult:
        """Choose a new password by the link of a letter."""
        context = info.context
        address = await recovery.reset_password(token, password, caller_of(context), context.resources, context.now)
        return PasswordReset(email=address)

    @strawberry.mutation(
        extensions=[member()], description="Choose a new password by the old one. Other sessions and all card keys end."
    )
    async def change_password(self, info: Info, current: str, password: str) -> ChangePasswordResult:
        """Choose a new password by the old one."""
        context = info.context
        viewer = context.member
        await recovery.change_password(
            viewer.member_id,
            viewer.session_id,
            current=current,
            password=password,
            resources=context.resources,
            now=context.now,
        )
        return PasswordChanged(at=context.now)

    @strawberry.mutation(extensions=[member()], description="End a session of one's own, with its card key.")
    async def revoke_device(self, info: Info, id: UUID) -> RevokeDeviceResult:  # noqa: A002 - the contract
        """End a session of one's own."""
        context = info.context
        viewer = context.member
        await sessions.revoke_device(viewer.member_id, id, context.now)
        if id == viewer.session_id:
            context.clear_cookie(SESSION_COOKIE)
        return DeviceRevoked(id=id)

    @strawberry.mutation(extensions=[member()], description="Agree to a current text.")
    async def give_consent(self, info: Info, document: strawberry.ID) -> ConsentResult:
        """Agree to a current text."""
        context = info.context
        given = await consents.give(context.member.member_id, document, caller_of(context), context.now)
        return ConsentRecorded(consent=Consent.of(given))

    @strawberry.mutation(
        extensions=[member()],
        description="Withdraw a consent to transfer or mailings; the card stands on the other two.",
    )
    async def withdraw_consent(self, info: Info, kind: DocumentKind) -> ConsentResult:
        """Withdraw an optional consent."""
        context = info.context
        withdrawn = await consents.withdraw(context.member.member_id, kind, caller_of(context), context.now)
        return ConsentRecorded(consent=Consent.of(withdrawn))


def _application(form: RegisterInput) -> joining.Application:
    ticks = {
        DocumentKind.OFFER: form.accept_offer,
        DocumentKind.PERSONAL_DATA: form.accept_personal_data,
        DocumentKind.PARTNER_TRANSFER: form.accept_partner_transfer,
        DocumentKind.MARKETING: form.accept_marketing,
    }
    return joining.Application(
        last_name=form.last_name,
        first_name=form.first_name,
        patronymic=form.patronymic,
        birth_date=form.birth_date,
        email=form.email,
        phone=form.phone,
        password=form.password,
        accepted=tuple(kind for kind, is_ticked in ticks.items() if is_ticked),
        documents=None if form.documents is None else tuple(form.documents),
        plastic_number=form.plastic_number,
    )
