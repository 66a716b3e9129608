"""Receipts that guests claim, and receipts that were closed without a guest; and what they promise."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE guestless_receipt ADD CONSTRAINT guestless_receipt_till FOREIGN KEY (till_id) REFERENCES till (id) ON DELETE RESTRICT;
ALTER TABLE guestless_receipt ADD CONSTRAINT guestless_receipt_net CHECK (net >= 0);
CREATE INDEX guestless_receipt_number ON guestless_receipt (outlet, business_date, receipt_number);
CREATE INDEX guestless_receipt_received ON guestless_receipt (received_at) WHERE claim_id IS NULL;
ALTER TABLE purchase_claim ADD CONSTRAINT purchase_claim_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE purchase_claim ADD CONSTRAINT purchase_claim_credited
    FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE purchase_claim ADD CONSTRAINT purchase_claim_status CHECK (
    status IN ('OPEN', 'MATCHED', 'CREDITED', 'REJECTED', 'EXPIRED')
    AND (status = 'CREDITED') = (purchase_id IS NOT NULL) AND (status = 'REJECTED') <= (reason IS NOT NULL)
    AND (status IN ('CREDITED', 'REJECTED', 'EXPIRED')) <= (decided_at IS NOT NULL));
ALTER TABLE purchase_claim ADD CONSTRAINT purchase_claim_sums CHECK (net > 0);
-- A receipt is claimed once, by its number and by its fiscal document; a refused claim leaves it free.
CREATE UNIQUE INDEX purchase_claim_receipt ON purchase_claim (outlet, business_date, receipt_number)
    WHERE status IN ('OPEN', 'MATCHED', 'CREDITED');
CREATE UNIQUE INDEX purchase_claim_fiscal ON purchase_claim (fiscal_drive, fiscal_document)
    WHERE status IN ('OPEN', 'MATCHED', 'CREDITED') AND fiscal_drive IS NOT NULL;
CREATE UNIQUE INDEX purchase_claim_purchase ON purchase_claim (purchase_id) WHERE purchase_id IS NOT NULL;
"""

BACK = """
DROP INDEX purchase_claim_purchase, purchase_claim_fiscal, purchase_claim_receipt;
DROP INDEX guestless_receipt_received, guestless_receipt_number;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0022_bookings")]

    initial = False

    operations = [
        ops.CreateModel(
            name="GuestlessReceipt",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("outlet", fields.CharField(max_length=64)),
                ("order_id", fields.UUIDField()),
                ("till_id", fields.UUIDField()),
                ("receipt_number", fields.CharField(max_length=64)),
                ("business_date", fields.DateField()),
                ("closed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("net", fields.BigIntField()),
                ("body", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("claim_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "guestless_receipt",
                "app": "models",
                "unique_together": (("outlet", "order_id"),),
                "pk_attr": "id",
                "table_description": "An order that was closed without a guest: nobody's, until somebody claims it. Nothing in it names a person.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PurchaseClaim",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("body_sha256", fields.BinaryField()),
                ("member_id", fields.UUIDField()),
                ("partner", fields.CharField(max_length=64)),
                ("outlet", fields.CharField(max_length=64)),
                ("receipt_number", fields.CharField(max_length=64)),
                ("business_date", fields.DateField()),
                ("closed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("net", fields.BigIntField()),
                ("fiscal_drive", fields.CharField(null=True, max_length=16)),
                ("fiscal_document", fields.BigIntField(null=True)),
                ("fiscal_sign", fields.BigIntField(null=True)),
                ("status", fields.CharField(max_length=16)),
                ("service", fields.CharField(null=True, max_length=64)),
                ("reason", fields.CharField(null=True, max_length=500)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_by", fields.UUIDField(null=True)),
                ("purchase_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "purchase_claim",
                "app": "models",
                "indexes": [Index(fields=["member_id", "created_at"]), Index(fields=["status", "created_at"])],
                "pk_attr": "id",
                "table_description": "A receipt that a guest says is theirs: OPEN, MATCHED, then CREDITED, REJECTED or EXPIRED.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
