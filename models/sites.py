"""What members allowed partners' own sites: a code that is exchanged once, and the token it became."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class SiteGrant(Model):
    """One yes of a member to one site. Only hashes of code and token are kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField()
    session_id = fields.UUIDField(db_index=True)  # what was allowed ends with the session that allowed it
    partner = fields.CharField(max_length=64)
    origin = fields.CharField(max_length=300)
    challenge = fields.CharField(max_length=43)  # base64url of the SHA-256 of what the page alone knows
    code_sha256 = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()  # of the code
    used_at = fields.DatetimeField(null=True)
    token_sha256 = fields.BinaryField(null=True)
    token_expires_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "site_grant"
