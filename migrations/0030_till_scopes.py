"""What a till's key may do, and how often it may ask."""

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE till ADD CONSTRAINT till_scopes CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['EARN', 'SPEND', 'REFUND']);
ALTER TABLE till ADD CONSTRAINT till_per_minute CHECK (per_minute > 0);
"""

BACK = """
ALTER TABLE till DROP CONSTRAINT till_per_minute;
ALTER TABLE till DROP CONSTRAINT till_scopes;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0029_restaurants")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Till",
            name="scopes",
            field=ArrayField(null=True, element_type="text"),
        ),
        ops.AddField(
            model_name="Till",
            name="per_minute",
            field=fields.IntField(null=True),
        ),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
