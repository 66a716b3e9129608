"""What orders of restaurants are promised of campaigns with a bound, until they are closed."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE campaign_hold ADD CONSTRAINT campaign_hold_order
    FOREIGN KEY (order_id) REFERENCES pos_order (id) ON DELETE RESTRICT;
ALTER TABLE campaign_hold ADD CONSTRAINT campaign_hold_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE campaign_hold ADD CONSTRAINT campaign_hold_sums
    CHECK (discount >= 0 AND points >= 0 AND expires_at > created_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0032_instalments")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CampaignHold",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("order_id", fields.UUIDField()),
                ("member_id", fields.UUIDField()),
                ("campaign", fields.CharField(max_length=64)),
                ("discount", fields.BigIntField()),
                ("points", fields.BigIntField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "campaign_hold",
                "app": "models",
                "unique_together": (("order_id", "campaign"),),
                "pk_attr": "id",
                "table_description": "What an order of a restaurant is promised of a counted campaign. It stands in the counters until it is closed or freed.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, reverse_sql=ops.RunSQL.noop),
    ]
