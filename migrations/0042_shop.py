"""Orders of the programme's shop, the vouchers they become and what goes back of them; and what they promise."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE shop_order ADD CONSTRAINT shop_order_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE shop_order ADD CONSTRAINT shop_order_purchase
    FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE shop_order ADD CONSTRAINT shop_order_sums
    CHECK (quantity BETWEEN 1 AND 10 AND discount >= 0 AND price - discount >= 100);
ALTER TABLE shop_order ADD CONSTRAINT shop_order_state CHECK (state IN ('OFFERED', 'PAID', 'ISSUED', 'CANCELLED'));
-- What is issued was paid and has its purchase, whose id is its own; nothing else has one.
ALTER TABLE shop_order ADD CONSTRAINT shop_order_issued CHECK (
    (state = 'ISSUED') = (purchase_id IS NOT NULL) AND (purchase_id IS NULL OR purchase_id = id)
    AND (state <> 'OFFERED' OR paid_at IS NULL) AND (state NOT IN ('PAID', 'ISSUED') OR paid_at IS NOT NULL)
    AND (paid_at IS NULL) = (valid_until IS NULL));
ALTER TABLE shop_return ADD CONSTRAINT shop_return_order
    FOREIGN KEY (order_id) REFERENCES shop_order (id) ON DELETE RESTRICT;
ALTER TABLE shop_return ADD CONSTRAINT shop_return_state CHECK (
    net > 0 AND state IN ('ASKED', 'SENT', 'PAID', 'STUCK') AND (state = 'ASKED') = (payment_refund_id IS NULL));
CREATE UNIQUE INDEX shop_return_refund ON shop_return (payment_refund_id) WHERE payment_refund_id IS NOT NULL;
ALTER TABLE shop_voucher ADD CONSTRAINT shop_voucher_order
    FOREIGN KEY (order_id) REFERENCES shop_order (id) ON DELETE RESTRICT;
ALTER TABLE shop_voucher ADD CONSTRAINT shop_voucher_line
    FOREIGN KEY (line_id) REFERENCES purchase_line (id) ON DELETE RESTRICT;
ALTER TABLE shop_voucher ADD CONSTRAINT shop_voucher_till
    FOREIGN KEY (used_till_id) REFERENCES till (id) ON DELETE RESTRICT;
ALTER TABLE shop_voucher ADD CONSTRAINT shop_voucher_return
    FOREIGN KEY (return_id) REFERENCES shop_return (id) ON DELETE RESTRICT;
-- Used or returned, never both, and neither without saying when and by what.
ALTER TABLE shop_voucher ADD CONSTRAINT shop_voucher_state CHECK (state IN ('ISSUED', 'USED', 'RETURNED')
    AND (state = 'USED') = (used_at IS NOT NULL) AND (state = 'USED') = (used_till_id IS NOT NULL)
    AND (state = 'RETURNED') = (return_id IS NOT NULL) AND net > 0 AND octet_length(code_sha256) = 32);
CREATE UNIQUE INDEX shop_voucher_code ON shop_voucher (code_sha256);
CREATE UNIQUE INDEX shop_voucher_of_line ON shop_voucher (line_id);
CREATE UNIQUE INDEX shop_voucher_position ON shop_voucher (order_id, position);
CREATE INDEX shop_return_of_order ON shop_return (order_id);
"""

BACK = """
DROP INDEX shop_return_of_order, shop_voucher_position, shop_voucher_of_line, shop_voucher_code, shop_return_refund;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0041_status")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ShopOrder",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("body_sha256", fields.BinaryField()),
                ("member_id", fields.UUIDField()),
                ("partner", fields.CharField(max_length=64)),
                ("outlet", fields.CharField(max_length=64)),
                ("item", fields.CharField(max_length=64)),
                ("state", fields.CharField(max_length=16)),
                ("quantity", fields.SmallIntField()),
                ("programme_version", fields.IntField()),
                ("tier", fields.CharField(max_length=64)),
                ("price", fields.BigIntField()),
                ("discount", fields.BigIntField()),
                ("number", fields.CharField(max_length=16)),
                ("fault", fields.CharField(null=True, max_length=16)),
                ("ordered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("paid_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("valid_until", fields.DateField(null=True)),
                ("purchase_id", fields.UUIDField(null=True)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "shop_order",
                "app": "models",
                "indexes": [Index(fields=["member_id", "ordered_at"])],
                "pk_attr": "id",
                "table_description": "An order of one item. Its id follows from the member's idempotency key, and becomes the id of its purchase.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ShopReturn",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("order_id", fields.UUIDField()),
                ("state", fields.CharField(max_length=16)),
                ("net", fields.BigIntField()),
                ("payment_refund_id", fields.UUIDField(null=True)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "shop_return",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Vouchers that go back together: first the books, then the money, each once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ShopVoucher",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("order_id", fields.UUIDField()),
                ("position", fields.SmallIntField()),
                ("line_id", fields.UUIDField()),
                ("code_sha256", fields.BinaryField()),
                ("sealed", fields.BinaryField()),
                ("state", fields.CharField(max_length=16)),
                ("net", fields.BigIntField()),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("used_till_id", fields.UUIDField(null=True)),
                ("return_id", fields.UUIDField(null=True)),
                ("issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "shop_voucher",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One piece of an order, and its line of the purchase. The code is kept as a digest, and sealed for its owner.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
