"""Back-tests that the staff asks for, one at a time; what a campaign gave is looked up by the campaign."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE campaign_backtest ADD CONSTRAINT campaign_backtest_span CHECK (since <= until);
ALTER TABLE campaign_backtest ADD CONSTRAINT campaign_backtest_progress CHECK (done >= 0 AND (total IS NULL OR total >= 0));
ALTER TABLE campaign_backtest ADD CONSTRAINT campaign_backtest_end CHECK (
    CASE WHEN finished_at IS NULL THEN result IS NULL AND fault IS NULL ELSE (result IS NULL) <> (fault IS NULL) END
    AND (fault IS NULL OR fault IN ('FAILED', 'GONE')));
CREATE UNIQUE INDEX campaign_backtest_one_at_a_time ON campaign_backtest ((finished_at IS NULL)) WHERE finished_at IS NULL;
CREATE INDEX campaign_backtest_of_campaign ON campaign_backtest (campaign, asked_at, id);
CREATE INDEX discount_application_of_campaign ON discount_application (campaign, purchase_id) WHERE campaign IS NOT NULL;
"""
# What was made with the table goes with it.
BACK = "DROP INDEX discount_application_of_campaign;"


class Migration(migrations.Migration):
    dependencies = [("models", "0037_payments")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CampaignBacktest",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("campaign", fields.CharField(max_length=64)),
                ("since", fields.DateField()),
                ("until", fields.DateField()),
                ("with_codes", fields.BooleanField()),
                ("programme_version", fields.IntField()),
                ("asked_by", fields.UUIDField(null=True)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("heard_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("done", fields.IntField()),
                ("total", fields.IntField(null=True)),
                ("result", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("fault", fields.CharField(null=True, max_length=8)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "campaign_backtest",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A back-test that the staff asked for: how far it is, and what it found. `heard_at` is its last sign of life.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
