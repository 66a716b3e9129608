"""Profiles of one person may be made one, and two again."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE member ADD CONSTRAINT member_merged_into FOREIGN KEY (merged_into) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE member ADD CONSTRAINT member_merged CHECK (
    merged_into <> id AND (status <> 'MERGED' OR merged_into IS NOT NULL) AND (merged_into IS NULL OR status IN ('MERGED', 'ERASED')));
CREATE INDEX member_born ON member (birth_date, last_name);  -- two profiles of one person are looked for by it
CREATE INDEX member_merged_from ON member (merged_into) WHERE merged_into IS NOT NULL;
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason CHECK (reason IN
    ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW', 'IMPORT', 'FAMILY', 'MERGED'));
ALTER TABLE merge_case ADD CONSTRAINT merge_case_survivor FOREIGN KEY (survivor_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE merge_case ADD CONSTRAINT merge_case_duplicate FOREIGN KEY (duplicate_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE merge_case ADD CONSTRAINT merge_case_states CHECK (state IN ('MERGED', 'UNDONE') AND survivor_id <> duplicate_id
    AND undoable_until > merged_at AND (state = 'UNDONE') = (undone_at IS NOT NULL)
    AND (undone_at IS NULL) = (undo_reason IS NULL));
CREATE UNIQUE INDEX merge_case_standing ON merge_case (duplicate_id) WHERE state = 'MERGED';
"""
BACK = """
DROP INDEX member_born;
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason CHECK (reason IN
    ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW', 'IMPORT', 'FAMILY'));
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0043_erasures")]

    initial = False

    operations = [
        ops.CreateModel(
            name="MergeCase",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("survivor_id", fields.UUIDField(db_index=True)),
                ("duplicate_id", fields.UUIDField(db_index=True)),
                ("state", fields.CharField(max_length=8)),
                ("evidence", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("reason", fields.CharField(max_length=500)),
                ("decided_by", fields.UUIDField(null=True)),
                ("merged_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("undoable_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("moved", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("undone_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("undone_by", fields.UUIDField(null=True)),
                ("undo_reason", fields.CharField(null=True, max_length=500)),
            ],
            options={
                "table": "merge_case",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One merge of two profiles. `moved` names every row that went from the duplicate to the survivor.",
            },
            bases=["Model"],
        ),
        ops.AddField(model_name="Member", name="merged_into", field=fields.UUIDField(null=True)),
        ops.RunSQL(SQL, BACK),
    ]
