"""Restaurants that a cloud tells of: places, menus, the inbox, orders as told, guests, and what was compared."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE restaurant_place ADD CONSTRAINT restaurant_place_restaurant
    FOREIGN KEY (restaurant_id) REFERENCES restaurant (id) ON DELETE RESTRICT;
ALTER TABLE restaurant_place ADD CONSTRAINT restaurant_place_linked CHECK ((outlet IS NULL) = (linked_at IS NULL));
ALTER TABLE restaurant_dish ADD CONSTRAINT restaurant_dish_restaurant
    FOREIGN KEY (restaurant_id) REFERENCES restaurant (id) ON DELETE RESTRICT;
ALTER TABLE restaurant_event ADD CONSTRAINT restaurant_event_state CHECK (state IN ('NEW', 'DONE', 'ASIDE'));
ALTER TABLE restaurant_event ADD CONSTRAINT restaurant_event_new
    CHECK (state <> 'NEW' OR (restaurant_id IS NOT NULL AND kind IS NOT NULL AND order_id IS NOT NULL));
ALTER TABLE restaurant_order ADD CONSTRAINT restaurant_order_restaurant
    FOREIGN KEY (restaurant_id) REFERENCES restaurant (id) ON DELETE RESTRICT;
ALTER TABLE restaurant_order ADD CONSTRAINT restaurant_order_purchase
    FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE restaurant_order ADD CONSTRAINT restaurant_order_ending CHECK (ending IN ('CLOSED', 'GONE'));
ALTER TABLE restaurant_order ADD CONSTRAINT restaurant_order_state
    CHECK (state IN ('NEW', 'POSTED', 'TOLD', 'NOBODYS', 'GONE', 'ASIDE'));
-- What a purchase was made of is forgotten with it: it may hold a phone.
ALTER TABLE restaurant_order ADD CONSTRAINT restaurant_order_body CHECK (body IS NULL OR state IN ('NEW', 'ASIDE'));
ALTER TABLE restaurant_order ADD CONSTRAINT restaurant_order_posted
    CHECK (state NOT IN ('POSTED', 'TOLD') OR purchase_id IS NOT NULL);
ALTER TABLE restaurant_guest ADD CONSTRAINT restaurant_guest_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE restaurant_difference ADD CONSTRAINT restaurant_difference_what
    CHECK (what IN ('MISSING_HERE', 'MISSING_THERE', 'SUM_DIFFERS', 'GONE_THERE'));
CREATE INDEX restaurant_event_waiting ON restaurant_event (id) WHERE state = 'NEW';
CREATE INDEX restaurant_order_waiting ON restaurant_order (told_at, id) WHERE state = 'NEW';
CREATE INDEX restaurant_difference_open ON restaurant_difference (day, found_at) WHERE settled_at IS NULL;
"""

BACK = """
DROP INDEX restaurant_difference_open, restaurant_order_waiting, restaurant_event_waiting;
ALTER TABLE restaurant_guest DROP CONSTRAINT restaurant_guest_member;
ALTER TABLE restaurant_order DROP CONSTRAINT restaurant_order_purchase, DROP CONSTRAINT restaurant_order_restaurant;
ALTER TABLE restaurant_dish DROP CONSTRAINT restaurant_dish_restaurant;
ALTER TABLE restaurant_place DROP CONSTRAINT restaurant_place_restaurant;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0028_sites")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Restaurant",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=200)),
                ("tables", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("discount_id", fields.UUIDField(null=True)),
                ("mark", fields.BigIntField(null=True)),
                ("looked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("synced_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("trouble", fields.CharField(null=True, max_length=200)),
            ],
            options={
                "table": "restaurant",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A restaurant as its cloud names it, how far its changes were read, and which discount type is ours.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RestaurantCheck",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("restaurant_id", fields.UUIDField()),
                ("day", fields.DateField()),
                ("theirs", fields.IntField()),
                ("theirs_net", fields.BigIntField()),
                ("ours", fields.IntField()),
                ("ours_net", fields.BigIntField()),
                ("mended", fields.IntField()),
                ("checked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "restaurant_check",
                "app": "models",
                "unique_together": (("restaurant_id", "day"),),
                "pk_attr": "id",
                "table_description": "A day of a restaurant as it was compared last: orders of members and kopecks, theirs and ours.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RestaurantDifference",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("restaurant_id", fields.UUIDField()),
                ("day", fields.DateField()),
                ("order_id", fields.UUIDField()),
                ("what", fields.CharField(max_length=16)),
                ("theirs", fields.BigIntField(null=True)),
                ("ours", fields.BigIntField(null=True)),
                ("reason", fields.CharField(null=True, max_length=200)),
                ("found_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "restaurant_difference",
                "app": "models",
                "unique_together": (("restaurant_id", "order_id"),),
                "pk_attr": "id",
                "table_description": "An order on which the cloud and our books differ, until a later comparison finds them alike.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RestaurantDish",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("restaurant_id", fields.UUIDField()),
                ("dish_id", fields.UUIDField()),
                ("code", fields.CharField(null=True, max_length=64)),
                ("name", fields.CharField(max_length=200)),
                ("group_id", fields.CharField(max_length=64)),
                ("group_name", fields.CharField(max_length=200)),
            ],
            options={
                "table": "restaurant_dish",
                "app": "models",
                "unique_together": (("restaurant_id", "dish_id"),),
                "pk_attr": "id",
                "table_description": "A product of a restaurant's menu with its group, by which a cloud's order is sorted into services.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RestaurantEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("key", fields.CharField(unique=True, max_length=64)),
                ("what", fields.CharField(max_length=64)),
                ("restaurant_id", fields.UUIDField(null=True)),
                ("kind", fields.CharField(null=True, max_length=8)),
                ("order_id", fields.UUIDField(null=True)),
                ("times", fields.IntField(default=1)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(max_length=8)),
                ("fault", fields.CharField(null=True, max_length=200)),
                ("leased_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "restaurant_event",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An event that the cloud posted: what it points at, and never what it says. The same event again only counts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RestaurantGuest",
            fields=[
                ("member_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("told_sha256", fields.BinaryField()),
                ("told_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "restaurant_guest",
                "app": "models",
                "pk_attr": "member_id",
                "table_description": "A member as the cloud was told of them last; its own id of them is a member's identity.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RestaurantOrder",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("restaurant_id", fields.UUIDField()),
                ("outlet", fields.CharField(max_length=64)),
                ("order_id", fields.UUIDField()),
                ("kind", fields.CharField(max_length=8)),
                ("ending", fields.CharField(max_length=8)),
                ("stamp", fields.BigIntField()),
                ("number", fields.CharField(max_length=64)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("net", fields.BigIntField()),
                ("state", fields.CharField(max_length=8)),
                ("fault", fields.CharField(null=True, max_length=200)),
                ("purchase_id", fields.UUIDField(null=True)),
                ("body", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("told_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("leased_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "restaurant_order",
                "app": "models",
                "indexes": [Index(fields=["outlet", "order_id"])],
                "pk_attr": "id",
                "table_description": "An ended order as the cloud told it last. `order_id` is its id at the till where it has one.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RestaurantPlace",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("restaurant_id", fields.UUIDField(db_index=True)),
                ("name", fields.CharField(max_length=200)),
                ("outlet", fields.CharField(null=True, max_length=64)),
                ("linked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "restaurant_place",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A group of terminals. Once an outlet of ours is named, orders closed from then on are its purchases.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
