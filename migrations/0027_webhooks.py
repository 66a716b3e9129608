"""Where partners listen, what they are told, every attempt to tell it; and what these promise."""

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_status CHECK (
    status IN ('ACTIVE', 'DISABLED', 'ENDED') AND reason IN ('STAFF', 'FAILING', 'GONE')
    AND (status = 'DISABLED') = (reason IS NOT NULL));
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_former CHECK ((former_sealed IS NULL) = (former_until IS NULL));
CREATE INDEX webhook_endpoint_partner ON webhook_endpoint (partner) WHERE status <> 'ENDED';
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_event
    FOREIGN KEY (event_id) REFERENCES webhook_event (id) ON DELETE CASCADE;
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_endpoint
    FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoint (id) ON DELETE RESTRICT;
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_status CHECK (
    status IN ('PENDING', 'DELIVERED', 'FAILED') AND (status = 'PENDING') = (next_at IS NOT NULL)
    AND (status = 'DELIVERED') = (delivered_at IS NOT NULL));
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_at) WHERE status = 'PENDING';
CREATE INDEX webhook_delivery_event_of ON webhook_delivery (event_id);
CREATE INDEX webhook_delivery_listed ON webhook_delivery (endpoint_id, created_at, id);
ALTER TABLE webhook_attempt ADD CONSTRAINT webhook_attempt_delivery
    FOREIGN KEY (delivery_id) REFERENCES webhook_delivery (id) ON DELETE CASCADE;
ALTER TABLE webhook_attempt ADD CONSTRAINT webhook_attempt_outcome CHECK ((status IS NULL) <> (fault IS NULL));
"""

BACK = """
DROP INDEX webhook_delivery_listed, webhook_delivery_event_of, webhook_delivery_due, webhook_endpoint_partner;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0026_openings")]

    initial = False

    operations = [
        ops.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("partner", fields.CharField(max_length=64)),
                ("url", fields.CharField(max_length=500)),
                ("events", ArrayField(element_type="text")),
                ("sealed", fields.BinaryField()),
                ("former_sealed", fields.BinaryField(null=True)),
                ("former_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("status", fields.CharField(max_length=8)),
                ("reason", fields.CharField(null=True, max_length=8)),
                ("failures", fields.IntField(default=0)),
                ("failing_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("paused_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("drained_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("created_by", fields.UUIDField(null=True)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "webhook_endpoint",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An address of a partner. Its secrets are sealed; `drained_until` is held by the one worker that delivers to it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WebhookEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("partner", fields.CharField(max_length=64)),
                ("kind", fields.CharField(max_length=32)),
                ("subject_id", fields.UUIDField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("body", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "webhook_event",
                "app": "models",
                "indexes": [Index(fields=["partner", "at"])],
                "pk_attr": "id",
                "table_description": "Something a partner is told of. The body is written once, by the worker, and is the same in every attempt.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("event_id", fields.UUIDField()),
                ("endpoint_id", fields.UUIDField()),
                ("status", fields.CharField(max_length=12)),
                ("tries", fields.SmallIntField(default=0)),
                ("next_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("delivered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "webhook_delivery",
                "app": "models",
                "unique_together": (("endpoint_id", "event_id"),),
                "pk_attr": "id",
                "table_description": "An event on its way to one address.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("delivery_id", fields.UUIDField(db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("millis", fields.IntField()),
                ("status", fields.SmallIntField(null=True)),
                ("fault", fields.CharField(null=True, max_length=24)),
                ("answer", fields.CharField(max_length=200)),
            ],
            options={
                "table": "webhook_attempt",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One request and what came of it: a status, or why there is none.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
