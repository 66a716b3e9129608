"""Versions of the programme: what was applied, and when."""

from tortoise import fields
from tortoise.models import Model


class ProgrammeVersion(Model):
    """One applied programme file, as the JSON of its checked content. The highest version is the current one."""

    version = fields.IntField(primary_key=True, generated=False)
    sha256 = fields.CharField(max_length=64)
    document = fields.JSONField[dict[str, object]]()
    applied_at = fields.DatetimeField()

    class Meta:
        table = "programme_version"
