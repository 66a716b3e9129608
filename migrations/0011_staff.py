"""The staff, their grants and requests, and the log, as the models state them."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.ids import uuid7


class Migration(migrations.Migration):
    dependencies = [("models", "0010_messages")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("sequence", fields.BigIntField(unique=True)),
                ("at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("actor_id", fields.UUIDField(null=True)),
                ("actor", fields.CharField(max_length=254)),
                ("action", fields.CharField(max_length=40)),
                ("right_code", fields.CharField(null=True, max_length=40)),
                ("scope", fields.CharField(null=True, max_length=170)),
                ("object_kind", fields.CharField(max_length=24)),
                ("object_id", fields.CharField(null=True, max_length=64)),
                ("outcome", fields.CharField(max_length=8)),
                ("reason", fields.CharField(null=True, max_length=500)),
                ("before", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("after", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("request_id", fields.CharField(null=True, max_length=32)),
                ("address", fields.CharField(null=True, max_length=64)),
                ("previous_hash", fields.BinaryField()),
                ("hash", fields.BinaryField()),
            ],
            options={
                "table": "audit_event",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What one of the staff did, or was refused. Rows are only ever added, each sealed by the hash of the one before.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GrantRequest",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("staff_id", fields.UUIDField(null=True)),
                ("role_id", fields.UUIDField(null=True)),
                ("version", fields.IntField()),
                ("wanted", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("difference", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("reason", fields.CharField(max_length=500)),
                ("requested_by", fields.UUIDField()),
                ("requested_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(max_length=8)),
                ("decided_by", fields.UUIDField(null=True)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decision_reason", fields.CharField(null=True, max_length=500)),
            ],
            options={
                "table": "grant_request",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A change that gives right 1 or 2 and waits for a second holder: of somebody's grants, or of a role's rights.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Staff",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("email", fields.CharField(max_length=254)),
                ("name", fields.CharField(max_length=100)),
                ("phone", fields.CharField(null=True, max_length=16)),
                ("partner", fields.CharField(null=True, max_length=64)),
                ("comment", fields.CharField(default="", max_length=500)),
                ("locale", fields.CharField(default="ru", max_length=8)),
                ("status", fields.CharField(max_length=8)),
                ("password_hash", fields.CharField(null=True, max_length=200)),
                ("totp_sealed", fields.BinaryField(null=True)),
                ("totp_step", fields.BigIntField(default=0)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_by", fields.UUIDField(null=True)),
            ],
            options={
                "table": "staff",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody who works with the panel. `partner` is the slug of the asset they belong to; none: the programme's own.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffGrant",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("staff_id", fields.UUIDField(db_index=True)),
                ("role_id", fields.UUIDField(null=True, db_index=True)),
                ("right_code", fields.CharField(null=True, max_length=40)),
                ("scope", fields.CharField(max_length=170)),
                ("granted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("granted_by", fields.UUIDField(null=True)),
            ],
            options={
                "table": "staff_grant",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A role or a single right that somebody holds at a scope, printed as `loyalty.scopes.Scope` prints it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffLink",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("staff_id", fields.UUIDField(db_index=True)),
                ("token_sha256", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "staff_link",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A link by which somebody chooses a password and a second factor: only its SHA-256 is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffRecoveryCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("staff_id", fields.UUIDField(db_index=True)),
                ("code_sha256", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "staff_recovery_code",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One of the ten codes that stand in for a lost phone, each once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffRole",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("code", fields.CharField(unique=True, max_length=40)),
                ("name_ru", fields.CharField(max_length=100)),
                ("name_en", fields.CharField(max_length=100)),
                ("rights", ArrayField(element_type="TEXT")),
                ("version", fields.IntField(default=1)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_by", fields.UUIDField(null=True)),
            ],
            options={
                "table": "staff_role",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A named set of rights. Whoever holds the role at a scope holds each of its rights there.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffSession",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("staff_id", fields.UUIDField(db_index=True)),
                ("token_sha256", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("address", fields.CharField(max_length=64)),
                ("agent", fields.CharField(max_length=300)),
            ],
            options={
                "table": "staff_session",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A signed-in browser of the staff.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaffStep",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("staff_id", fields.UUIDField(db_index=True)),
                ("token_sha256", fields.BinaryField()),
                ("purpose", fields.CharField(max_length=8)),
                ("password_hash", fields.CharField(max_length=200)),
                ("sealed", fields.BinaryField(null=True)),
                ("link_id", fields.UUIDField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "staff_step",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A sign-in or an enrolment that waits for six digits, bound to one browser by the token of its cookie.",
            },
            bases=["Model"],
        ),
    ]
