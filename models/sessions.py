"""Server-side sessions of members and of paired tills. Only hashes of the tokens are kept."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Session(Model):
    """A signed-in browser or app of a member."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    token_sha256 = fields.BinaryField()
    transport = fields.CharField(max_length=8)  # COOKIE | BEARER
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    address = fields.CharField(max_length=64)
    agent = fields.CharField(max_length=300)

    class Meta:
        table = "session"


class TillSession(Model):
    """A till page that exchanged its key for a cookie."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    till_id = fields.UUIDField(db_index=True)
    token_sha256 = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "till_session"
