"""A tier may change by what counts for others of the family."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason
    CHECK (reason IN ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW', 'IMPORT', 'FAMILY'));
"""

BACK = """
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason
    CHECK (reason IN ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW', 'IMPORT'));
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0034_guests")]

    initial = False

    operations = [ops.RunSQL(SQL, BACK)]
