"""A key may bring lists of guests."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE till DROP CONSTRAINT till_scopes;
ALTER TABLE till ADD CONSTRAINT till_scopes
    CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['EARN', 'SPEND', 'REFUND', 'MEMBERS', 'GUESTS']);
"""

BACK = """
ALTER TABLE till DROP CONSTRAINT till_scopes;
ALTER TABLE till ADD CONSTRAINT till_scopes CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['EARN', 'SPEND', 'REFUND', 'MEMBERS']);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0033_campaign_holds")]

    initial = False

    operations = [ops.RunSQL(SQL, reverse_sql=BACK)]
