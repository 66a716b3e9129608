"""What looked like fraud and was decided about it, and the indexes by which the facts are looked through."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE signal_note ADD CONSTRAINT signal_note_signal
    FOREIGN KEY (signal_id) REFERENCES fraud_signal (id) ON DELETE RESTRICT;
ALTER TABLE fraud_signal ADD CONSTRAINT fraud_signal_states
    CHECK (state IN ('OPEN', 'DISMISSED', 'CARD_BLOCKED') AND (state = 'OPEN') = (decided_at IS NULL));
CREATE INDEX fraud_signal_queue ON fraud_signal (found_at DESC, id DESC);
CREATE TRIGGER signal_note_append_only BEFORE UPDATE OR DELETE ON signal_note
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE INDEX purchase_till ON purchase (till_id, closed_at);
CREATE INDEX purchase_posted ON purchase USING brin (posted_at);
CREATE INDEX refund_recorded ON refund USING brin (recorded_at);
CREATE INDEX qr_credential_shared ON qr_credential (device, created_at);
"""

BACK = """
DROP INDEX qr_credential_shared, refund_recorded, purchase_posted, purchase_till;
DROP TRIGGER signal_note_append_only ON signal_note;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0020_sandbox")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ControlProgress",
            fields=[
                ("kind", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=120)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "control_progress",
                "app": "models",
                "pk_attr": "kind",
                "table_description": "Until when the facts have been looked through for one kind of signal.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FraudSignal",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=24)),
                ("key", fields.CharField(unique=True, max_length=200)),
                ("member_id", fields.UUIDField(null=True)),
                ("card_id", fields.UUIDField(null=True)),
                ("till_id", fields.UUIDField(null=True)),
                ("partner", fields.CharField(null=True, max_length=64)),
                ("outlet", fields.CharField(null=True, max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("found_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("facts", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("state", fields.CharField(max_length=12)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "fraud_signal",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Facts that somebody should look at. `key` names what was found, so that looking twice finds it once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignalNote",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("signal_id", fields.UUIDField(db_index=True)),
                ("decision", fields.CharField(max_length=12)),
                ("note", fields.CharField(max_length=500)),
                ("author", fields.CharField(max_length=254)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "signal_note",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What somebody of the staff wrote or decided about a signal.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
