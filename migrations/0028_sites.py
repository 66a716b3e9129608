"""What members allowed partners' own sites, and what its rows promise."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
CREATE UNIQUE INDEX site_grant_code ON site_grant (code_sha256);
CREATE UNIQUE INDEX site_grant_token ON site_grant (token_sha256) WHERE token_sha256 IS NOT NULL;
CREATE INDEX site_grant_expires ON site_grant (expires_at);
ALTER TABLE site_grant ADD CONSTRAINT site_grant_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE site_grant ADD CONSTRAINT site_grant_session
    FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE;
ALTER TABLE site_grant ADD CONSTRAINT site_grant_hashes CHECK (
    octet_length(code_sha256) = 32 AND octet_length(token_sha256) = 32 AND length(challenge) = 43);
-- A token comes of a code that was used in time, and ends.
ALTER TABLE site_grant ADD CONSTRAINT site_grant_token_of_code CHECK (
    (token_sha256 IS NULL) = (token_expires_at IS NULL)
    AND (token_sha256 IS NULL OR (used_at IS NOT NULL AND used_at < expires_at AND used_at < token_expires_at)));
"""
BACK = "DROP INDEX site_grant_expires, site_grant_token, site_grant_code;"


class Migration(migrations.Migration):
    """What members allowed partners' own sites, and what its rows promise."""

    dependencies = [("models", "0027_webhooks")]

    operations = [
        ops.CreateModel(
            name="SiteGrant",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField()),
                ("session_id", fields.UUIDField(db_index=True)),
                ("partner", fields.CharField(max_length=64)),
                ("origin", fields.CharField(max_length=300)),
                ("challenge", fields.CharField(max_length=43)),
                ("code_sha256", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("token_sha256", fields.BinaryField(null=True)),
                ("token_expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "site_grant",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One yes of a member to one site. Only hashes of code and token are kept.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
