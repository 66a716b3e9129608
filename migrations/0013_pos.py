"""Restaurants' point-of-sale systems: plugins, menu groups, orders with a guest, early refunds; and what they promise."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE plugin ADD CONSTRAINT plugin_till FOREIGN KEY (till_id) REFERENCES till (id) ON DELETE RESTRICT;
ALTER TABLE pos_order ADD CONSTRAINT pos_order_till FOREIGN KEY (till_id) REFERENCES till (id) ON DELETE RESTRICT;
ALTER TABLE pos_order ADD CONSTRAINT pos_order_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE pos_order ADD CONSTRAINT pos_order_card FOREIGN KEY (card_id) REFERENCES card (id) ON DELETE RESTRICT;
ALTER TABLE pos_refund ADD CONSTRAINT pos_refund_till FOREIGN KEY (till_id) REFERENCES till (id) ON DELETE RESTRICT;
ALTER TABLE plugin ADD CONSTRAINT plugin_queue CHECK (queue >= 0);
CREATE INDEX pos_order_deferred ON pos_order (member_id, bound_at) WHERE is_deferred;
CREATE INDEX pos_refund_waiting ON pos_refund (received_at) WHERE outcome IS NULL;
CREATE TRIGGER menu_service_append_only BEFORE UPDATE OR DELETE ON menu_service
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER deferred_scan_append_only BEFORE UPDATE OR DELETE ON deferred_scan
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
"""

BACK = """
DROP TRIGGER deferred_scan_append_only ON deferred_scan;
DROP TRIGGER menu_service_append_only ON menu_service;
DROP INDEX pos_refund_waiting, pos_order_deferred;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0012_staff_rules")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DeferredScan",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("credential_id", fields.UUIDField()),
                ("step", fields.BigIntField()),
                ("outlet", fields.CharField(max_length=64)),
                ("order_id", fields.UUIDField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "deferred_scan",
                "app": "models",
                "unique_together": (("credential_id", "step"),),
                "pk_attr": "id",
                "table_description": "A code that was scanned without network and spent on one order afterwards: a step of a phone serves once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MenuGroup",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("outlet", fields.CharField(max_length=64)),
                ("group_id", fields.CharField(max_length=64)),
                ("name", fields.CharField(max_length=200)),
                ("first_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "menu_group",
                "app": "models",
                "unique_together": (("outlet", "group_id"),),
                "pk_attr": "id",
                "table_description": "A group of a restaurant's menu that came with an order.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MenuService",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("outlet", fields.CharField(max_length=64)),
                ("group_id", fields.CharField(max_length=64)),
                ("service", fields.CharField(max_length=64)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "menu_service",
                "app": "models",
                "indexes": [Index(fields=["outlet", "group_id", "since"])],
                "pk_attr": "id",
                "table_description": "From when on a menu group is which service; the empty group is the outlet's default. Rows are only added.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Plugin",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("till_id", fields.UUIDField()),
                ("terminal", fields.CharField(max_length=64)),
                ("version", fields.CharField(max_length=32)),
                ("front_version", fields.CharField(null=True, max_length=32)),
                ("queue", fields.IntField()),
                ("skew_ms", fields.BigIntField()),
                ("first_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "plugin",
                "app": "models",
                "unique_together": (("till_id", "terminal"),),
                "pk_attr": "id",
                "table_description": "A plugin on one terminal: what it last said about itself.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PosOrder",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("outlet", fields.CharField(max_length=64)),
                ("order_id", fields.UUIDField()),
                ("till_id", fields.UUIDField()),
                ("member_id", fields.UUIDField(db_index=True)),
                ("card_id", fields.UUIDField()),
                ("ticket_id", fields.UUIDField(null=True)),
                ("bound_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("is_deferred", fields.BooleanField()),
                ("quote_id", fields.UUIDField(null=True)),
                ("reserved_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("cancelled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("items", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "pos_order",
                "app": "models",
                "unique_together": (("outlet", "order_id"),),
                "pk_attr": "id",
                "table_description": "An order of a restaurant with its guest. Its id becomes the id of the purchase; `items` are there once it is posted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PosRefund",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("outlet", fields.CharField(max_length=64)),
                ("refund_id", fields.UUIDField()),
                ("order_id", fields.UUIDField()),
                ("till_id", fields.UUIDField()),
                ("body", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("outcome", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "pos_refund",
                "app": "models",
                "unique_together": (("outlet", "refund_id"),),
                "indexes": [Index(fields=["outlet", "order_id"])],
                "pk_attr": "id",
                "table_description": "A refund of an order. Without an outcome it waits for its order; the body is kept as it first came.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
