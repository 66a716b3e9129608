"""Nightly runs and how far each of their steps came."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE nightly_step ADD CONSTRAINT nightly_step_run FOREIGN KEY (day) REFERENCES nightly_run (day) ON DELETE CASCADE;
ALTER TABLE nightly_step ADD CONSTRAINT nightly_step_counts
    CHECK (place >= 0 AND done >= 0 AND parts >= 0 AND millis >= 0 AND starts >= 0);
CREATE INDEX nightly_run_open ON nightly_run (day) WHERE finished_at IS NULL;
"""

BACK = """
DROP INDEX nightly_run_open;
ALTER TABLE nightly_step DROP CONSTRAINT nightly_step_run;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0013_pos")]

    initial = False

    operations = [
        ops.CreateModel(
            name="NightlyRun",
            fields=[
                ("day", fields.DateField(primary_key=True, unique=True, db_index=True)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("trouble", fields.CharField(null=True, max_length=200)),
            ],
            options={
                "table": "nightly_run",
                "app": "models",
                "pk_attr": "day",
                "table_description": "The run of one day. `trouble` says why it ended otherwise than it should.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NightlyStep",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("day", fields.DateField()),
                ("place", fields.SmallIntField()),
                ("step", fields.CharField(max_length=32)),
                ("cursor", fields.CharField(default="", max_length=200)),
                ("done", fields.BigIntField(default=0)),
                ("parts", fields.IntField(default=0)),
                ("millis", fields.BigIntField(default=0)),
                ("starts", fields.SmallIntField(default=0)),
                ("trouble", fields.CharField(null=True, max_length=200)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "nightly_step",
                "app": "models",
                "unique_together": (("day", "step"),),
                "pk_attr": "id",
                "table_description": "One step of a run: how far it came, what it did, and how long it worked.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
