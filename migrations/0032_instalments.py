"""Receipts that wait until a bank confirms an instalment."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE instalment ADD CONSTRAINT instalment_purchase FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE instalment ADD CONSTRAINT instalment_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE instalment ADD CONSTRAINT instalment_till FOREIGN KEY (decided_by) REFERENCES till (id) ON DELETE RESTRICT;
ALTER TABLE instalment ADD CONSTRAINT instalment_state CHECK (state IN ('WAITING', 'CONFIRMED', 'CANCELLED', 'EXPIRED'));
ALTER TABLE instalment ADD CONSTRAINT instalment_decided CHECK ((state = 'WAITING') = (decided_at IS NULL));
ALTER TABLE instalment ADD CONSTRAINT instalment_back CHECK (counted_back >= 0 AND points_back >= 0
    AND (state = 'CONFIRMED' OR counted_back = 0 AND points_back = 0));
ALTER TABLE instalment_line ADD CONSTRAINT instalment_line_line
    FOREIGN KEY (line_id) REFERENCES purchase_line (id) ON DELETE RESTRICT;
ALTER TABLE instalment_line ADD CONSTRAINT instalment_line_purchase
    FOREIGN KEY (purchase_id) REFERENCES instalment (purchase_id) ON DELETE RESTRICT;
ALTER TABLE instalment_line ADD CONSTRAINT instalment_line_back CHECK (points_back BETWEEN 0 AND earned);
ALTER TABLE instalment_word ADD CONSTRAINT instalment_word_decision CHECK (decision IN ('CONFIRMED', 'CANCELLED'));
ALTER TABLE instalment_word ADD CONSTRAINT instalment_word_till FOREIGN KEY (till_id) REFERENCES till (id) ON DELETE RESTRICT;
CREATE INDEX instalment_waiting ON instalment (until) WHERE state = 'WAITING';
"""

BACK = """
DROP INDEX instalment_waiting;
ALTER TABLE instalment_line DROP CONSTRAINT instalment_line_purchase;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0031_entry")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Instalment",
            fields=[
                ("purchase_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("member_id", fields.UUIDField()),
                ("state", fields.CharField(max_length=12)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("day", fields.DateField()),
                ("activates_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("counted_back", fields.BigIntField(default=0)),
                ("points_back", fields.BigIntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_by", fields.UUIDField(null=True)),
            ],
            options={
                "table": "instalment",
                "app": "models",
                "pk_attr": "purchase_id",
                "table_description": "A receipt that counts and earns nothing before a bank confirms it. Sums in kopecks and points, as of the purchase.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InstalmentLine",
            fields=[
                ("line_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("purchase_id", fields.UUIDField(db_index=True)),
                ("counts", fields.BooleanField()),
                ("earned", fields.BigIntField()),
                ("points_back", fields.BigIntField(default=0)),
            ],
            options={
                "table": "instalment_line",
                "app": "models",
                "pk_attr": "line_id",
                "table_description": "What a line of such a receipt is worth once it counts; `points_back` was returned before.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InstalmentWord",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("outlet", fields.CharField(max_length=64)),
                ("receipt_number", fields.CharField(max_length=64)),
                ("business_date", fields.DateField()),
                ("decision", fields.CharField(max_length=12)),
                ("till_id", fields.UUIDField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "instalment_word",
                "app": "models",
                "unique_together": (("outlet", "receipt_number", "business_date"),),
                "pk_attr": "id",
                "table_description": "A bank's word about a receipt that has not come yet.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
