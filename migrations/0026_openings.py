"""Opening balances, the files they came in, and the ids of members in other systems."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE opening ADD CONSTRAINT opening_run FOREIGN KEY (run_id) REFERENCES import_run (id) ON DELETE RESTRICT;
ALTER TABLE opening ADD CONSTRAINT opening_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE member_identity ADD CONSTRAINT member_identity_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE opening ADD CONSTRAINT opening_sums CHECK (qualifying >= 0 AND points >= 0);
ALTER TABLE opening ADD CONSTRAINT opening_owner CHECK ((member_id IS NULL) = (claimed_at IS NULL)
    AND (member_id IS NULL) = (coalesce(phone, email) IS NOT NULL));
ALTER TABLE import_run ADD CONSTRAINT import_run_cursor CHECK (cursor BETWEEN 0 AND rows);
CREATE INDEX opening_phone ON opening (phone) WHERE member_id IS NULL AND phone IS NOT NULL;
CREATE INDEX opening_email ON opening (email) WHERE member_id IS NULL AND email IS NOT NULL;
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason
    CHECK (reason IN ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW', 'IMPORT'));
"""

BACK = """
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason
    CHECK (reason IN ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW'));
DROP INDEX opening_email, opening_phone;
ALTER TABLE opening DROP CONSTRAINT opening_run;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0025_operations")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ImportRun",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("sha256", fields.CharField(unique=True, max_length=64)),
                ("rows", fields.BigIntField()),
                ("points", fields.BigIntField()),
                ("qualifying", fields.BigIntField()),
                ("cursor", fields.BigIntField()),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "import_run",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One file with its control totals: points whole, `qualifying` in kopecks. `cursor` counts the rows that are in.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MemberIdentity",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("system", fields.CharField(max_length=32)),
                ("external_id", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "member_identity",
                "app": "models",
                "unique_together": (("system", "external_id"),),
                "pk_attr": "id",
                "table_description": "The id of a member in another system: an alias of ours, which is the one that counts (A-239).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Opening",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("run_id", fields.UUIDField(db_index=True)),
                ("system", fields.CharField(max_length=32)),
                ("external_id", fields.CharField(max_length=64)),
                ("phone", fields.CharField(null=True, max_length=32)),
                ("email", fields.CharField(null=True, max_length=254)),
                ("qualifying", fields.BigIntField()),
                ("points", fields.BigIntField()),
                ("lots", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("tier", fields.CharField(null=True, max_length=64)),
                ("tier_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tier_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("imported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("member_id", fields.UUIDField(null=True, db_index=True)),
                ("claimed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "opening",
                "app": "models",
                "unique_together": (("system", "external_id"),),
                "pk_attr": "id",
                "table_description": "What one customer of a source system brings. It waits for its owner, whose proved contact takes it over.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
