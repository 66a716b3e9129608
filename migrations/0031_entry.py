"""Consents said at a till, and the codes that confirm joining and changes there."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE consent ADD CONSTRAINT consent_till FOREIGN KEY (till_id) REFERENCES till (id) ON DELETE RESTRICT;
ALTER TABLE one_time_code DROP CONSTRAINT one_time_code_purpose;
ALTER TABLE one_time_code ADD CONSTRAINT one_time_code_purpose
    CHECK (purpose IN ('SIGN_IN', 'BIND_PHONE', 'SPEND', 'JOIN', 'CHANGE'));
ALTER TABLE till DROP CONSTRAINT till_scopes;
ALTER TABLE till ADD CONSTRAINT till_scopes
    CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['EARN', 'SPEND', 'REFUND', 'MEMBERS']);
"""

BACK = """
ALTER TABLE one_time_code DROP CONSTRAINT one_time_code_purpose;
ALTER TABLE one_time_code ADD CONSTRAINT one_time_code_purpose CHECK (purpose IN ('SIGN_IN', 'BIND_PHONE', 'SPEND'));
ALTER TABLE consent DROP CONSTRAINT consent_till;
ALTER TABLE till DROP CONSTRAINT till_scopes;
ALTER TABLE till ADD CONSTRAINT till_scopes CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['EARN', 'SPEND', 'REFUND']);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0030_till_scopes")]

    initial = False

    operations = [
        ops.AddField(model_name="Consent", name="till_id", field=fields.UUIDField(null=True)),
        ops.RunSQL(SQL, BACK),
    ]
