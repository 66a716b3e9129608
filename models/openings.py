"""What members had elsewhere: rows of imported files, who each of them is, and how far each file came."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class ImportRun(Model):
    """One file with its control totals: points whole, `qualifying` in kopecks. `cursor` counts the rows that are in."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    sha256 = fields.CharField(max_length=64, unique=True)
    rows = fields.BigIntField()
    points = fields.BigIntField()
    qualifying = fields.BigIntField()
    cursor = fields.BigIntField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "import_run"


class Opening(Model):
    """What one customer of a source system brings. It waits for its owner, whose proved contact takes it over."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    run_id = fields.UUIDField(db_index=True)
    system = fields.CharField(max_length=32)
    external_id = fields.CharField(max_length=64)
    phone = fields.CharField(max_length=32, null=True)  # forgotten once the owner has it
    email = fields.CharField(max_length=254, null=True)
    qualifying = fields.BigIntField()
    points = fields.BigIntField()
    lots = fields.JSONField[list[list[object]]]()  # [[points, end or null], …]
    tier = fields.CharField(max_length=64, null=True)
    tier_since = fields.DatetimeField(null=True)
    tier_until = fields.DatetimeField(null=True)
    imported_at = fields.DatetimeField()
    member_id = fields.UUIDField(null=True, db_index=True)
    claimed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "opening"
        unique_together = (("system", "external_id"),)


class MemberIdentity(Model):
    """The id of a member in another system: an alias of ours, which is the one that counts (A-239)."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    system = fields.CharField(max_length=32)
    external_id = fields.CharField(max_length=64)
    at = fields.DatetimeField()

    class Meta:
        table = "member_identity"
        unique_together = (("system", "external_id"),)
