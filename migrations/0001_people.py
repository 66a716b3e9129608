"""Members, what they agreed to and sign in with, their cards and steps, and what every command needs: keys, limits, jobs."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Card",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("number", fields.CharField(max_length=32)),
                ("kind", fields.CharField(max_length=8)),
                ("status", fields.CharField(max_length=8)),
                ("issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("replaced_by", fields.UUIDField(null=True)),
            ],
            options={
                "table": "card",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A card of a member. Its number is printed and shown, and never identifies anybody.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CardActivity",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("member_id", fields.UUIDField()),
                ("kind", fields.CharField(max_length=20)),
                ("purchase_id", fields.UUIDField(null=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "card_activity",
                "app": "models",
                "indexes": [Index(fields=["member_id", "at"])],
                "pk_attr": "id",
                "table_description": "What happened to a member's card, for the phone that listens.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Consent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("kind", fields.CharField(max_length=24)),
                ("act", fields.CharField(max_length=12)),
                ("document", fields.CharField(max_length=64)),
                ("document_version", fields.CharField(max_length=32)),
                ("text_sha256", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("address", fields.CharField(max_length=64)),
                ("agent", fields.CharField(max_length=300)),
                ("channel", fields.CharField(max_length=16)),
            ],
            options={
                "table": "consent",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One act of consent or withdrawal: which text, when, from where. Rows are only ever added.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Contact",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("kind", fields.CharField(max_length=8)),
                ("value", fields.CharField(max_length=254)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "contact",
                "app": "models",
                "indexes": [Index(fields=["kind", "value"])],
                "pk_attr": "id",
                "table_description": "One way to reach a member: a lower-cased e-mail or an E.164 phone. Unverified ones block nobody.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Credential",
            fields=[
                ("member_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("password_hash", fields.CharField(max_length=200)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "credential",
                "app": "models",
                "pk_attr": "member_id",
                "table_description": "A member's password, as an Argon2id hash.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Job",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=64)),
                ("payload", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("dedupe_key", fields.CharField(null=True, max_length=128)),
                ("status", fields.CharField(default="READY", max_length=8)),
                ("run_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("leased_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("attempts", fields.SmallIntField(default=0)),
                ("deaths", fields.SmallIntField(default=0)),
                ("error", fields.CharField(null=True, max_length=500)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "job",
                "app": "models",
                "unique_together": (("name", "dedupe_key"),),
                "pk_attr": "id",
                "table_description": "A piece of work, written in the transaction that wants it and done by a worker at least once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LimitCounter",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=200)),
                ("hits", fields.IntField()),
                ("window_ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("locked_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "limit_counter",
                "app": "models",
                "pk_attr": "key",
                "table_description": "Hits of one subject in its running window. `locked_until` holds a subject that failed too often.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MailCode",
            fields=[
                ("member_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("code_sha256", fields.BinaryField()),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("tries_left", fields.SmallIntField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "mail_code",
                "app": "models",
                "pk_attr": "member_id",
                "table_description": "The six digits of the newest confirmation letter of a member, keyed-hashed, with the tries left.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MailToken",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("purpose", fields.CharField(max_length=8)),
                ("token_sha256", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "mail_token",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A link sent by letter: only its SHA-256 is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Member",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("number", fields.CharField(unique=True, max_length=16)),
                ("status", fields.CharField(max_length=24)),
                ("last_name", fields.CharField(max_length=100)),
                ("first_name", fields.CharField(max_length=100)),
                ("patronymic", fields.CharField(null=True, max_length=100)),
                ("birth_date", fields.DateField(null=True)),
                ("locale", fields.CharField(default="ru", max_length=8)),
                ("plastic_number", fields.CharField(null=True, max_length=32)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "member",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A guest of the programme. Names are NFC; nothing here identifies anybody at a till.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OnceAnswer",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("operation", fields.CharField(max_length=32)),
                ("body_sha256", fields.BinaryField()),
                ("answer", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "once_answer",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The stored answer of an idempotent command. `id` is a digest of caller, operation and key.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProgrammeVersion",
            fields=[
                ("version", fields.IntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ("sha256", fields.CharField(max_length=64)),
                ("document", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("applied_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "programme_version",
                "app": "models",
                "pk_attr": "version",
                "table_description": "One applied programme file, as the JSON of its checked content. The highest version is the current one.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="QrCredential",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("card_id", fields.UUIDField()),
                ("session_id", fields.UUIDField(null=True)),
                ("device", fields.CharField(max_length=64)),
                ("handle", fields.CharField(unique=True, max_length=12)),
                ("sealed", fields.BinaryField()),
                ("state", fields.CharField(max_length=8)),
                ("last_step", fields.BigIntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("keys_issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "qr_credential",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The root secret of one device's rotating code, sealed; `last_step` only ever rises.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("token_sha256", fields.BinaryField()),
                ("transport", fields.CharField(max_length=8)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("address", fields.CharField(max_length=64)),
                ("agent", fields.CharField(max_length=300)),
            ],
            options={
                "table": "session",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A signed-in browser or app of a member.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TierPeriod",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("tier", fields.CharField(max_length=64)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(max_length=12)),
                ("evidence", fields.UUIDField(null=True)),
            ],
            options={
                "table": "tier_period",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Which tier a member held from when, and the fact that brought it.",
            },
            bases=["Model"],
        ),
    ]
