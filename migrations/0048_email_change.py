"""An address asked for in the place of another, and the code by which whoever has no password asks."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE email_change ADD CONSTRAINT email_change_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE email_change ADD CONSTRAINT email_change_tries CHECK (tries_left >= 0);
ALTER TABLE email_change ADD CONSTRAINT email_change_done CHECK (done_at IS NULL OR done_at = ended_at);
ALTER TABLE email_change ADD CONSTRAINT email_change_old CHECK (old_address IS NULL OR done_at IS NOT NULL);
CREATE UNIQUE INDEX email_change_live ON email_change (member_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX email_change_token ON email_change (token_sha256);
CREATE INDEX email_change_expiry ON email_change (expires_at);
ALTER TABLE one_time_code DROP CONSTRAINT one_time_code_purpose;
ALTER TABLE one_time_code ADD CONSTRAINT one_time_code_purpose
    CHECK (purpose IN ('SIGN_IN', 'BIND_PHONE', 'SPEND', 'JOIN', 'CHANGE', 'CHANGE_EMAIL'));
"""

BACK = """
ALTER TABLE one_time_code DROP CONSTRAINT one_time_code_purpose;
ALTER TABLE one_time_code ADD CONSTRAINT one_time_code_purpose
    CHECK (purpose IN ('SIGN_IN', 'BIND_PHONE', 'SPEND', 'JOIN', 'CHANGE'));
DROP INDEX email_change_live, email_change_token, email_change_expiry;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0047_put_aside")]

    initial = False

    operations = [
        ops.CreateModel(
            name="EmailChange",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("address", fields.CharField(max_length=254)),
                ("old_address", fields.CharField(null=True, max_length=254)),
                ("session_id", fields.UUIDField()),
                ("token_sha256", fields.BinaryField()),
                ("code_sha256", fields.BinaryField()),
                ("tries_left", fields.SmallIntField()),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("code_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "email_change",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An address asked for in the place of the one of before, until its letter is answered; one that waits a member.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
