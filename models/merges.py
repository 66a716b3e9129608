"""Profiles of one person that were made one, with what has to move back to undo it; and pairs that are two people."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class MergeCase(Model):
    """One merge of two profiles. `moved` names every row that went from the duplicate to the survivor."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    survivor_id = fields.UUIDField(db_index=True)
    duplicate_id = fields.UUIDField(db_index=True)
    state = fields.CharField(max_length=8)  # MERGED | UNDONE
    evidence = fields.JSONField[list[str]]()
    reason = fields.CharField(max_length=500)
    decided_by = fields.UUIDField(null=True)  # one of the staff; none: the operator's terminal
    merged_at = fields.DatetimeField()
    undoable_until = fields.DatetimeField()
    moved = fields.JSONField[dict[str, object]]()
    undone_at = fields.DatetimeField(null=True)
    undone_by = fields.UUIDField(null=True)
    undo_reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "merge_case"


class DismissedPair(Model):
    """Two profiles that somebody has said are not one person's, by what they had in common; no longer once it is restored."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    older_id = fields.UUIDField()
    newer_id = fields.UUIDField(db_index=True)
    signs = fields.JSONField[list[str]]()
    reason = fields.CharField(max_length=500)
    dismissed_by = fields.UUIDField(null=True)  # one of the staff; none: the operator's terminal
    dismissed_at = fields.DatetimeField()
    restored_at = fields.DatetimeField(null=True)
    restored_by = fields.UUIDField(null=True)
    restore_reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "dismissed_pair"
