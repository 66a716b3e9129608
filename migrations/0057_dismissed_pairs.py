"""Two profiles alike may be said to be two people's: the pair is suspected no more until it has more in common."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE dismissed_pair ADD CONSTRAINT dismissed_pair_older FOREIGN KEY (older_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE dismissed_pair ADD CONSTRAINT dismissed_pair_newer FOREIGN KEY (newer_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE dismissed_pair ADD CONSTRAINT dismissed_pair_states CHECK (older_id < newer_id AND jsonb_typeof(signs) = 'array'
    AND (restored_at IS NULL) = (restore_reason IS NULL) AND restored_at >= dismissed_at);
CREATE UNIQUE INDEX dismissed_pair_standing ON dismissed_pair (older_id, newer_id) WHERE restored_at IS NULL;
CREATE INDEX dismissed_pair_newest ON dismissed_pair (dismissed_at, id) WHERE restored_at IS NULL;
DROP INDEX member_born;
ALTER INDEX member_alike RENAME TO member_born;
"""
# The newest of one name without reading the others. Built before anything else is locked, beside the old one, which is
# dropped last: whoever reads members waits for nothing but that.
INDEX = "CREATE INDEX member_alike ON member (birth_date, last_name, first_name, id);"
BACK = """
DROP INDEX member_born;
ALTER INDEX member_alike RENAME TO member_born;
"""
INDEX_BACK = "CREATE INDEX member_alike ON member (birth_date, last_name);"


class Migration(migrations.Migration):
    dependencies = [("models", "0056_cashiers")]

    initial = False

    operations = [
        ops.RunSQL(INDEX, BACK),
        ops.CreateModel(
            name="DismissedPair",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("older_id", fields.UUIDField()),
                ("newer_id", fields.UUIDField(db_index=True)),
                ("signs", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("reason", fields.CharField(max_length=500)),
                ("dismissed_by", fields.UUIDField(null=True)),
                ("dismissed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("restored_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("restored_by", fields.UUIDField(null=True)),
                ("restore_reason", fields.CharField(null=True, max_length=500)),
            ],
            options={
                "table": "dismissed_pair",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Two profiles that somebody has said are not one person's, by what they had in common; no longer once it is restored.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, INDEX_BACK),
    ]
