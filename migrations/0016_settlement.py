"""Closed months of settlement, their facts and sums."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE settlement_period ADD CONSTRAINT settlement_period_times
    CHECK (extract(day FROM month) = 1 AND starts_at < ends_at AND ends_at < closed_at);
ALTER TABLE settlement_line ADD CONSTRAINT settlement_line_period
    FOREIGN KEY (month) REFERENCES settlement_period (month) ON DELETE RESTRICT;
ALTER TABLE settlement_line ADD CONSTRAINT settlement_line_transaction
    FOREIGN KEY (transaction_id) REFERENCES ledger_transaction (id) ON DELETE RESTRICT;
ALTER TABLE settlement_line ADD CONSTRAINT settlement_line_lot
    FOREIGN KEY (lot_id) REFERENCES points_lot (id) ON DELETE RESTRICT;
ALTER TABLE settlement_line ADD CONSTRAINT settlement_line_sums
    CHECK (points > 0 AND price >= 0 AND abs(due) IN (0, points * price)
           AND kind IN ('ISSUED', 'REDEEMED', 'GIVEN_BACK', 'EXPIRED', 'RETURNED', 'REPAID', 'OWED')
           AND (partner IS NULL) = (kind IN ('ISSUED', 'EXPIRED')) AND (lot_id IS NULL) = (kind = 'OWED'));
ALTER TABLE settlement_sum ADD CONSTRAINT settlement_sum_period
    FOREIGN KEY (month) REFERENCES settlement_period (month) ON DELETE RESTRICT;

-- A fact counts once, ever.
CREATE UNIQUE INDEX settlement_line_fact ON settlement_line (transaction_id, kind, lot_id, partner) NULLS NOT DISTINCT;
CREATE INDEX settlement_line_month ON settlement_line (month, occurred_at);
CREATE UNIQUE INDEX settlement_sum_fact ON settlement_sum (month, kind, issuer, partner) NULLS NOT DISTINCT;
CREATE TRIGGER settlement_period_append_only BEFORE UPDATE OR DELETE ON settlement_period
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER settlement_line_append_only BEFORE UPDATE OR DELETE ON settlement_line
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER settlement_sum_append_only BEFORE UPDATE OR DELETE ON settlement_sum
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
-- What was written since a moment lies together at the end of the table: some pages of index for years of ledger.
CREATE INDEX ledger_transaction_recorded ON ledger_transaction USING brin (recorded_at);
CREATE INDEX points_lot_transaction ON points_lot (transaction_id);
"""

BACK = """
DROP INDEX points_lot_transaction;
DROP INDEX ledger_transaction_recorded;
"""


class Migration(migrations.Migration):
    """Closed months of settlement."""

    dependencies = [("models", "0015_messages_by_day")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SettlementLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("month", fields.DateField()),
                ("transaction_id", fields.UUIDField()),
                ("kind", fields.CharField(max_length=12)),
                ("lot_id", fields.UUIDField(null=True)),
                ("member_id", fields.UUIDField(null=True)),
                ("issuer", fields.CharField(max_length=64)),
                ("partner", fields.CharField(null=True, max_length=64)),
                ("points", fields.BigIntField()),
                ("price", fields.BigIntField()),
                ("due", fields.BigIntField()),
                ("purchase_id", fields.UUIDField(null=True)),
                ("occurred_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("recorded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "settlement_line",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One fact of one lot in the month that counts it. `due` is what the issuer owes the partner, in kopecks.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SettlementPeriod",
            fields=[
                ("month", fields.DateField(primary_key=True, unique=True, db_index=True)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("programme_version", fields.IntField()),
            ],
            options={
                "table": "settlement_period",
                "app": "models",
                "pk_attr": "month",
                "table_description": "A closed month. What is in it never changes.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SettlementSum",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("month", fields.DateField()),
                ("kind", fields.CharField(max_length=12)),
                ("issuer", fields.CharField(max_length=64)),
                ("partner", fields.CharField(null=True, max_length=64)),
                ("points", fields.BigIntField()),
                ("due", fields.BigIntField()),
                ("facts", fields.BigIntField()),
                ("late", fields.BigIntField()),
            ],
            options={
                "table": "settlement_sum",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The lines of a closed month added up, so that reports of years read some rows a month.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
