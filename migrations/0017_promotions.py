"""Campaigns as they were used: applications on lines, what was told, budgets, uses, promo codes; and what a quote keeps."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.ids import uuid7


class Migration(migrations.Migration):
    dependencies = [("models", "0016_settlement")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CampaignBudget",
            fields=[
                ("campaign", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("discount", fields.BigIntField()),
                ("points", fields.BigIntField()),
                ("uses", fields.BigIntField()),
            ],
            options={
                "table": "campaign_budget",
                "app": "models",
                "pk_attr": "campaign",
                "table_description": "What a campaign with a bound has given, in all versions together. Kopecks, points, receipts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CampaignUse",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("campaign", fields.CharField(max_length=64)),
                ("member_id", fields.UUIDField()),
                ("uses", fields.BigIntField()),
            ],
            options={
                "table": "campaign_use",
                "app": "models",
                "unique_together": (("member_id", "campaign"),),
                "pk_attr": "id",
                "table_description": "How many receipts of one member a counted campaign took part in.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Coupon",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("batch_id", fields.UUIDField(db_index=True)),
                ("digest", fields.BinaryField()),
                ("holder_id", fields.UUIDField(null=True)),
                ("uses_left", fields.IntField()),
            ],
            options={
                "table": "coupon",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One promo code, known by a keyed digest alone. With a holder it serves that member only.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CouponBatch",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("campaign", fields.CharField(max_length=64)),
                ("label", fields.CharField(max_length=100)),
                ("codes", fields.IntField()),
                ("uses", fields.IntField()),
                ("ends_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("cancelled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "coupon_batch",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Promo codes that were made together. The codes themselves leave once, in the file of their making.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DiscountApplication",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("purchase_id", fields.UUIDField(db_index=True)),
                ("line_id", fields.UUIDField()),
                ("source", fields.CharField(max_length=8)),
                ("campaign", fields.CharField(null=True, max_length=64)),
                ("coupon_id", fields.UUIDField(null=True)),
                ("programme_version", fields.IntField()),
                ("amount", fields.BigIntField()),
                ("points", fields.BigIntField()),
                ("refunded_amount", fields.BigIntField(default=0)),
                ("refunded_points", fields.BigIntField(default=0)),
                ("is_counted", fields.BooleanField()),
                ("gives_back", fields.BooleanField()),
                ("returned_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "discount_application",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What one source gave on one line: kopecks off and gift points. For a line with any, the amounts sum to its discount.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PurchasePromotion",
            fields=[
                ("purchase_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("outcomes", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "purchase_promotion",
                "app": "models",
                "pk_attr": "purchase_id",
                "table_description": "What came of every campaign that was tried for a receipt, as it was told at the till.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Quote",
            name="promotions",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
