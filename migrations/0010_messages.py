"""Messages to members with their attempts and reports, stopped addresses, wishes by channel, and one-time codes."""

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE message ADD CONSTRAINT message_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE message ADD CONSTRAINT message_code FOREIGN KEY (code_id) REFERENCES one_time_code (id) ON DELETE RESTRICT;
ALTER TABLE delivery_attempt ADD CONSTRAINT delivery_attempt_message
    FOREIGN KEY (message_id) REFERENCES message (id) ON DELETE CASCADE;
ALTER TABLE one_time_code ADD CONSTRAINT one_time_code_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE channel_preference ADD CONSTRAINT channel_preference_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;

ALTER TABLE message ADD CONSTRAINT message_cause CHECK (cause IN ('CODE', 'SERVICE', 'MARKETING'));
ALTER TABLE message ADD CONSTRAINT message_state CHECK (state IN ('PLANNED', 'ELIGIBLE', 'QUEUED', 'SENT', 'DELIVERED',
    'READ', 'NEXT_CHANNEL', 'UNDELIVERED', 'SUPPRESSED'));
ALTER TABLE message ADD CONSTRAINT message_says
    CHECK ((cause = 'CODE') = (code_id IS NOT NULL) AND (cause = 'CODE') = (text IS NULL));
ALTER TABLE message ADD CONSTRAINT message_channels
    CHECK (cardinality(channels) > 0 AND channels <@ ARRAY ['VIBER', 'SMS', 'EMAIL'] AND wait_seconds > 0);
ALTER TABLE delivery_attempt ADD CONSTRAINT delivery_attempt_channel CHECK (channel IN ('VIBER', 'SMS', 'EMAIL'));
ALTER TABLE delivery_attempt ADD CONSTRAINT delivery_attempt_fate CHECK (fate IN ('HANDING', 'ACCEPTED', 'SENT',
    'EXPIRED', 'UNDELIVERED', 'FAILED', 'DELIVERED', 'READ'));
ALTER TABLE delivery_attempt ADD CONSTRAINT delivery_attempt_sums CHECK (step >= 0 AND segments > 0 AND cost >= 0);
ALTER TABLE delivery_report ADD CONSTRAINT delivery_report_state CHECK (state IN ('NEW', 'DONE', 'QUARANTINED'));
ALTER TABLE stopped_address ADD CONSTRAINT stopped_address_channel CHECK (channel IN ('VIBER', 'SMS', 'EMAIL'));
ALTER TABLE stopped_address ADD CONSTRAINT stopped_address_scope CHECK (scope IN ('MARKETING', 'ALL'));
ALTER TABLE channel_preference ADD CONSTRAINT channel_preference_channel CHECK (channel IN ('VIBER', 'SMS', 'EMAIL'));
ALTER TABLE one_time_code ADD CONSTRAINT one_time_code_purpose CHECK (purpose IN ('SIGN_IN', 'BIND_PHONE', 'SPEND'));
ALTER TABLE one_time_code ADD CONSTRAINT one_time_code_tries CHECK (tries_left >= 0);

CREATE UNIQUE INDEX delivery_attempt_provider ON delivery_attempt (gateway, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX delivery_attempt_handed ON delivery_attempt (gateway, handed_at);
CREATE UNIQUE INDEX delivery_report_once ON delivery_report (gateway, body_sha256);
CREATE INDEX delivery_report_open ON delivery_report (received_at) WHERE state <> 'DONE';
CREATE INDEX message_open ON message (created_at) WHERE state IN ('PLANNED', 'ELIGIBLE', 'QUEUED', 'NEXT_CHANNEL');
CREATE INDEX message_created ON message (created_at);
CREATE UNIQUE INDEX one_time_code_request ON one_time_code (request_sha256);
CREATE UNIQUE INDEX one_time_code_live ON one_time_code (purpose, member_id)
    WHERE used_at IS NULL AND member_id IS NOT NULL;
CREATE INDEX one_time_code_expiry ON one_time_code (expires_at);
"""

BACK = """
DROP INDEX delivery_attempt_provider, delivery_attempt_handed, delivery_report_once, delivery_report_open,
    message_open, message_created, one_time_code_request, one_time_code_live, one_time_code_expiry;
ALTER TABLE message DROP CONSTRAINT message_code;
ALTER TABLE delivery_attempt DROP CONSTRAINT delivery_attempt_message;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0008_points_rules")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ChannelPreference",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField()),
                ("channel", fields.CharField(max_length=8)),
                ("service", fields.BooleanField()),
                ("marketing", fields.BooleanField()),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "channel_preference",
                "app": "models",
                "unique_together": (("member_id", "channel"),),
                "pk_attr": "id",
                "table_description": "What a member wants by a channel. Without a row: everything that his consents allow.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DeliveryAttempt",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("message_id", fields.UUIDField(db_index=True)),
                ("step", fields.SmallIntField()),
                ("channel", fields.CharField(max_length=8)),
                ("gateway", fields.CharField(max_length=16)),
                ("address", fields.CharField(max_length=254)),
                ("fate", fields.CharField(max_length=12)),
                ("provider_id", fields.CharField(null=True, max_length=64)),
                ("told", fields.CharField(default="", max_length=200)),
                ("segments", fields.SmallIntField(null=True)),
                ("cost", fields.BigIntField(null=True)),
                ("handed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("held_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("deadline_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "delivery_attempt",
                "app": "models",
                "unique_together": (("message_id", "step", "gateway"),),
                "pk_attr": "id",
                "table_description": "A message given to one gateway for one step of its cascade. `cost` in kopecks, as the gateway said it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DeliveryReport",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("gateway", fields.CharField(max_length=16)),
                ("body", fields.BinaryField()),
                ("body_sha256", fields.BinaryField()),
                ("content_type", fields.CharField(max_length=100)),
                ("state", fields.CharField(max_length=12)),
                ("fault", fields.CharField(null=True, max_length=200)),
                ("times", fields.IntField(default=1)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("handled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "delivery_report",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A body that a gateway posted to us, kept before anybody looks into it. The same body again only counts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("cause", fields.CharField(max_length=12)),
                ("code_id", fields.UUIDField(null=True)),
                ("subject", fields.CharField(null=True, max_length=200)),
                ("text", fields.TextField(null=True, unique=False)),
                ("channels", ArrayField(element_type="TEXT")),
                ("wait_seconds", fields.IntField()),
                ("dedupe_key", fields.CharField(null=True, unique=True, max_length=128)),
                ("state", fields.CharField(max_length=12)),
                ("reason", fields.CharField(null=True, max_length=24)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "message",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One message with its cascade. A code's text is not kept: it is derived when it is written.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OneTimeCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("purpose", fields.CharField(max_length=12)),
                ("member_id", fields.UUIDField(null=True)),
                ("address", fields.CharField(null=True, max_length=254)),
                ("request_sha256", fields.BinaryField()),
                ("bound_sha256", fields.BinaryField()),
                ("code_sha256", fields.BinaryField()),
                ("tries_left", fields.SmallIntField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "one_time_code",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Six digits for one purpose and one request, keyed-hashed. `member_id` null: asked for by nobody we know.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StoppedAddress",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("channel", fields.CharField(max_length=8)),
                ("address", fields.CharField(max_length=254)),
                ("scope", fields.CharField(max_length=12)),
                ("source", fields.CharField(max_length=100)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stopped_address",
                "app": "models",
                "unique_together": (("channel", "address"),),
                "pk_attr": "id",
                "table_description": "An address that gets no adverts, or nothing at all, by a channel. It is asked before every hand-over.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
