"""Members whose personal data were erased: that it was done, when, on whose word and how much of what."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Erasure(Model):
    """The record behind an act of erasure. It names its member by what stays in the books, and nothing personal."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(unique=True)
    asked_by = fields.CharField(max_length=8)  # MEMBER | STAFF | OPERATOR
    staff_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=500, null=True)
    at = fields.DatetimeField()
    forfeited = fields.BigIntField()  # points that were written off
    wiped = fields.JSONField[dict[str, int]]()  # rows, by table
    repeated_at = fields.DatetimeField(null=True)

    class Meta:
        table = "erasure"
