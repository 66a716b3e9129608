"""What entering the panel gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from graph.problems import Problem
from graph.staff.types import Staff


@strawberry.type(description="The password is right; the six digits of the app are asked now, in this browser.")
class StaffCodeNeeded:
    """The password is right."""

    expires_at: datetime = strawberry.field(description="Until then they may be typed.")


@strawberry.type(description="A session of the staff is open.")
class StaffSignedIn:
    """A session of the staff is open."""

    viewer: Staff


@strawberry.type(description="Whom a link invites.")
class StaffInvitation:
    """Whom a link invites."""

    email: str
    name: str
    expires_at: datetime


@strawberry.type(description="What an app needs to show six digits. Nothing counts before the first of them are typed.")
class StaffEnrolment:
    """What an app needs to show six digits."""

    secret: str = strawberry.field(description="In base32, for those who type it.")
    uri: str = strawberry.field(description="`otpauth://…`: drawn as a QR code, or opened by an app on this device.")
    expires_at: datetime


@strawberry.type(description="Password and second factor count; a session is open.")
class StaffEnrolled:
    """Password and second factor count."""

    viewer: Staff
    recovery_codes: list[str] = strawberry.field(description="Ten, each once, shown this once.")


@strawberry.type(description="Ten new recovery codes, shown this once; the old ones are void.")
class RecoveryCodes:
    """Ten new recovery codes."""

    codes: list[str]


@strawberry.type(description="The session of the staff has ended.")
class StaffSignedOut:
    """The session has ended."""

    at: datetime


@strawberry.type(description="The new password counts; every other session of the person has ended.")
class StaffPasswordChanged:
    """The new password counts."""

    at: datetime


StaffSignInResult = Annotated[StaffCodeNeeded | Problem, strawberry.union("StaffSignInResult")]
ConfirmStaffCodeResult = Annotated[StaffSignedIn | Problem, strawberry.union("ConfirmStaffCodeResult")]
StartStaffEnrolmentResult = Annotated[StaffEnrolment | Problem, strawberry.union("StartStaffEnrolmentResult")]
ConfirmStaffEnrolmentResult = Annotated[StaffEnrolled | Problem, strawberry.union("ConfirmStaffEnrolmentResult")]
StaffSignOutResult = Annotated[StaffSignedOut | Problem, strawberry.union("StaffSignOutResult")]
ChangeStaffPasswordResult = Annotated[StaffPasswordChanged | Problem, strawberry.union("ChangeStaffPasswordResult")]
RegenerateRecoveryCodesResult = Annotated[RecoveryCodes | Problem, strawberry.union("RegenerateRecoveryCodesResult")]
