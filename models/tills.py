"""Tills: the devices and systems of partners that may scan cards and post purchases."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.ids import uuid7


class Till(Model):
    """A till. `partner` and `outlet` are slugs of the programme; only the SHA-256 of its key is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=100)
    partner = fields.CharField(max_length=64)
    outlet = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=16)  # ORDINARY | SYSTEM
    channels = ArrayField(element_type="text")
    key_sha256 = fields.BinaryField()
    scopes = ArrayField(element_type="text", null=True)  # null: of before there were any
    per_minute = fields.IntField(null=True)  # requests of its key; null: as many as its kind
    created_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "till"
