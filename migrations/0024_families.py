"""Families: seats, invitations, and a pool whose lots know who gave them; and what all of it promises."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE account DROP CONSTRAINT account_owner;
ALTER TABLE account ADD CONSTRAINT account_owner CHECK (owner_kind IN ('MEMBER', 'FAMILY', 'PARTNER', 'PROGRAMME'));
ALTER TABLE family ADD CONSTRAINT family_never_negative CHECK (available >= 0 AND held >= 0);
ALTER TABLE family ADD CONSTRAINT family_heir FOREIGN KEY (heir_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE family_seat ADD CONSTRAINT family_seat_family FOREIGN KEY (family_id) REFERENCES family (id) ON DELETE RESTRICT;
ALTER TABLE family_seat ADD CONSTRAINT family_seat_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE family_seat ADD CONSTRAINT family_seat_states
    CHECK (role IN ('HEAD', 'ADULT', 'CHILD') AND (left_at IS NULL) = (left_how IS NULL)
           AND left_how IN ('LEFT', 'REMOVED', 'DISSOLVED') AND (left_at IS NULL OR left_at >= joined_at));
CREATE UNIQUE INDEX family_seat_one_a_member ON family_seat (member_id) WHERE left_at IS NULL;
CREATE UNIQUE INDEX family_seat_one_head ON family_seat (family_id) WHERE role = 'HEAD' AND left_at IS NULL;
ALTER TABLE family_invite ADD CONSTRAINT family_invite_family
    FOREIGN KEY (family_id) REFERENCES family (id) ON DELETE RESTRICT;
ALTER TABLE family_invite ADD CONSTRAINT family_invite_inviter
    FOREIGN KEY (invited_by) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE family_invite ADD CONSTRAINT family_invite_guest FOREIGN KEY (used_by) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE family_invite ADD CONSTRAINT family_invite_states
    CHECK (role IN ('ADULT', 'CHILD') AND (used_at IS NULL) = (used_by IS NULL) AND expires_at > created_at
           AND (used_at IS NULL OR (used_at < expires_at AND revoked_at IS NULL)));
CREATE UNIQUE INDEX family_invite_token ON family_invite (token_sha256);
ALTER TABLE points_lot ADD CONSTRAINT points_lot_family FOREIGN KEY (family_id) REFERENCES family (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_contributor
    FOREIGN KEY (contributor_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_source
    FOREIGN KEY (contributed_from) REFERENCES points_lot (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_owner
    CHECK ((member_id IS NULL) = (family_id IS NOT NULL) AND (family_id IS NULL) = (contributor_id IS NULL)
           AND (contributed_from IS NULL OR family_id IS NOT NULL) AND (family_id IS NULL OR status = 'ACTIVE'));
CREATE INDEX points_lot_pool ON points_lot (family_id, contributor_id) WHERE family_id IS NOT NULL;
ALTER TABLE points_hold ADD CONSTRAINT points_hold_family FOREIGN KEY (family_id) REFERENCES family (id) ON DELETE RESTRICT;
ALTER TABLE points_hold ADD CONSTRAINT points_hold_shares
    CHECK ((family_id IS NULL) = (from_family IS NULL) AND from_family BETWEEN 1 AND points);
CREATE INDEX points_hold_pool ON points_hold (family_id) WHERE status = 'ACTIVE';
"""

BACK = """
DROP INDEX points_hold_pool, points_lot_pool;
ALTER TABLE points_hold DROP CONSTRAINT points_hold_shares, DROP CONSTRAINT points_hold_family;
ALTER TABLE points_lot DROP CONSTRAINT points_lot_owner, DROP CONSTRAINT points_lot_source,
    DROP CONSTRAINT points_lot_contributor, DROP CONSTRAINT points_lot_family;
ALTER TABLE account DROP CONSTRAINT account_owner;
ALTER TABLE account ADD CONSTRAINT account_owner CHECK (owner_kind IN ('MEMBER', 'PARTNER', 'PROGRAMME'));
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0023_claims")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Family",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("available", fields.BigIntField()),
                ("held", fields.BigIntField()),
                ("version", fields.BigIntField()),
                ("heir_id", fields.UUIDField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "family",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Members who share. `available` and `held` are the pool, moved in the transaction that writes their entries.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FamilyInvite",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("family_id", fields.UUIDField(db_index=True)),
                ("invited_by", fields.UUIDField()),
                ("role", fields.CharField(max_length=8)),
                ("token_sha256", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("used_by", fields.UUIDField(null=True)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "family_invite",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An open seat: a token that works once, until it ends or is revoked. Only its digest is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FamilySeat",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("family_id", fields.UUIDField(db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("role", fields.CharField(max_length=8)),
                ("shows_purchases", fields.BooleanField()),
                ("joined_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("left_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("left_how", fields.CharField(null=True, max_length=12)),
            ],
            options={
                "table": "family_seat",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A member's time in a family. A member sits in one at most, and a family has one head while it lasts.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="PointsHold",
            name="family_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="PointsHold",
            name="from_family",
            field=fields.BigIntField(null=True),
        ),
        ops.AlterField(
            model_name="PointsLot",
            name="member_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="PointsLot",
            name="contributed_from",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="PointsLot",
            name="contributor_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="PointsLot",
            name="family_id",
            field=fields.UUIDField(null=True),
        ),
        ops.RunSQL(SQL, BACK),
    ]
