"""The staff: who they are, what proves it is them, what they may do, and the log of what they did."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.ids import uuid7


class Staff(Model):
    """Somebody who works with the panel. `partner` is the slug of the asset they belong to; none: the programme's own.

    `totp_step` is the last accepted step of the second factor, which only rises. Neither secret leaves sealed or hashed.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    email = fields.CharField(max_length=254)
    name = fields.CharField(max_length=100)
    phone = fields.CharField(max_length=16, null=True)
    partner = fields.CharField(max_length=64, null=True)
    comment = fields.CharField(max_length=500, default="")
    locale = fields.CharField(max_length=8, default="ru")
    status = fields.CharField(max_length=8)  # INVITED | ACTIVE | BLOCKED
    password_hash = fields.CharField(max_length=200, null=True)
    totp_sealed = fields.BinaryField(null=True)
    totp_step = fields.BigIntField(default=0)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()
    changed_by = fields.UUIDField(null=True)

    class Meta:
        table = "staff"


class StaffLink(Model):
    """A link by which somebody chooses a password and a second factor: only its SHA-256 is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    staff_id = fields.UUIDField(db_index=True)
    token_sha256 = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff_link"


class StaffStep(Model):
    """A sign-in or an enrolment that waits for six digits, bound to one browser by the token of its cookie."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    staff_id = fields.UUIDField(db_index=True)
    token_sha256 = fields.BinaryField()
    purpose = fields.CharField(max_length=8)  # SIGN_IN | ENROL
    password_hash = fields.CharField(max_length=200)  # what was proved, or what is to be set
    sealed = fields.BinaryField(null=True)  # the secret to enrol
    link_id = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff_step"


class StaffRecoveryCode(Model):
    """One of the ten codes that stand in for a lost phone, each once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    staff_id = fields.UUIDField(db_index=True)
    code_sha256 = fields.BinaryField()
    created_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff_recovery_code"


class StaffSession(Model):
    """A signed-in browser of the staff."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    staff_id = fields.UUIDField(db_index=True)
    token_sha256 = fields.BinaryField()
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    address = fields.CharField(max_length=64)
    agent = fields.CharField(max_length=300)

    class Meta:
        table = "staff_session"


class StaffRole(Model):
    """A named set of rights. Whoever holds the role at a scope holds each of its rights there."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    code = fields.CharField(max_length=40, unique=True)
    name_ru = fields.CharField(max_length=100)
    name_en = fields.CharField(max_length=100)
    rights = ArrayField(element_type="text")
    version = fields.IntField(default=1)
    changed_at = fields.DatetimeField()
    changed_by = fields.UUIDField(null=True)

    class Meta:
        table = "staff_role"


class StaffGrant(Model):
    """A role or a single right that somebody holds at a scope, printed as `loyalty.scopes.Scope` prints it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    staff_id = fields.UUIDField(db_index=True)
    role_id = fields.UUIDField(null=True, db_index=True)
    right_code = fields.CharField(max_length=40, null=True)
    scope = fields.CharField(max_length=170)
    granted_at = fields.DatetimeField()
    granted_by = fields.UUIDField(null=True)

    class Meta:
        table = "staff_grant"


class GrantRequest(Model):
    """A change that gives right 1 or 2 and waits for a second holder: of somebody's grants, or of a role's rights."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    staff_id = fields.UUIDField(null=True)
    role_id = fields.UUIDField(null=True)
    version = fields.IntField()  # of the person or role when it was asked for
    wanted = fields.JSONField[object]()
    difference = fields.JSONField[object]()
    reason = fields.CharField(max_length=500)
    requested_by = fields.UUIDField()
    requested_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    state = fields.CharField(max_length=8)  # WAITING | APPROVED | REJECTED | STALE
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decision_reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "grant_request"


class AuditEvent(Model):
    """What one of the staff did, or was refused. Rows are only ever added, each sealed by the hash of the one before."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    sequence = fields.BigIntField(unique=True)
    at = fields.DatetimeField(db_index=True)
    actor_id = fields.UUIDField(null=True)
    actor = fields.CharField(max_length=254)
    action = fields.CharField(max_length=40)
    right_code = fields.CharField(max_length=40, null=True)
    scope = fields.CharField(max_length=170, null=True)
    object_kind = fields.CharField(max_length=24)
    object_id = fields.CharField(max_length=64, null=True)
    outcome = fields.CharField(max_length=8)  # DONE | REFUSED
    reason = fields.CharField(max_length=500, null=True)
    before = fields.JSONField[object](null=True)
    after = fields.JSONField[object](null=True)
    request_id = fields.CharField(max_length=32, null=True)
    address = fields.CharField(max_length=64, null=True)
    previous_hash = fields.BinaryField()
    hash = fields.BinaryField()

    class Meta:
        table = "audit_event"
