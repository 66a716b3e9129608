"""Points of members: balances, lots, reservations; and what of a receipt was paid with them and earned."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7


class Migration(migrations.Migration):
    dependencies = [("models", "0006_phones")]

    operations = [
        ops.CreateModel(
            name="MemberPoints",
            fields=[
                ("member_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("available", fields.BigIntField()),
                ("pending", fields.BigIntField()),
                ("held", fields.BigIntField()),
                ("debt", fields.BigIntField()),
                ("version", fields.BigIntField()),
                ("earned_on", fields.DateField(null=True)),
                ("earned", fields.BigIntField()),
            ],
            options={
                "table": "member_points",
                "app": "models",
                "pk_attr": "member_id",
                "table_description": "The four balances of a member, moved in the transaction that writes their entries. `debt` is what is owed.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PointsHold",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField()),
                ("ticket_id", fields.UUIDField()),
                ("quote_id", fields.UUIDField()),
                ("till_id", fields.UUIDField()),
                ("partner", fields.CharField(max_length=64)),
                ("outlet", fields.CharField(max_length=64)),
                ("points", fields.BigIntField()),
                ("worth", fields.BigIntField()),
                ("status", fields.CharField(max_length=12)),
                ("confirmation", fields.CharField(max_length=12)),
                ("lives_seconds", fields.IntField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("purchase_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "points_hold",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Points that a till has reserved for a quote. It ends once: committed by a receipt, released, or expired.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PointsHoldLot",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("hold_id", fields.UUIDField(db_index=True)),
                ("lot_id", fields.UUIDField(db_index=True)),
                ("points", fields.BigIntField()),
                ("restored", fields.BigIntField()),
            ],
            options={
                "table": "points_hold_lot",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a hold took of which lot, and how much of that a return has given back.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PointsLot",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField()),
                ("issuer", fields.CharField(null=True, max_length=64)),
                ("transaction_id", fields.UUIDField()),
                ("purchase_id", fields.UUIDField(null=True)),
                ("restored_from", fields.UUIDField(null=True)),
                ("issued", fields.BigIntField()),
                ("remaining", fields.BigIntField()),
                ("status", fields.CharField(max_length=8)),
                ("issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("activates_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "points_lot",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Points that came together and end together. What is left is in `remaining`; pending ones cannot be spent yet.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PointsLotMove",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("lot_id", fields.UUIDField(db_index=True)),
                ("transaction_id", fields.UUIDField(db_index=True)),
                ("amount", fields.BigIntField()),
            ],
            options={
                "table": "points_lot_move",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a transaction took from a lot (below zero) or gave back to it. A lot's first points are its `issued`.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="PurchaseLine",
            name="points_earned",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="PurchaseLine",
            name="points_paid",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="PurchaseLine",
            name="points_spent",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="PurchaseLine",
            name="refunded_points_earned",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="PurchaseLine",
            name="refunded_points_paid",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="PurchaseLine",
            name="refunded_points_spent",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="RefundLine",
            name="points_earned",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="RefundLine",
            name="points_paid",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="RefundLine",
            name="points_spent",
            field=fields.BigIntField(null=True),
        ),
    ]
