"""Members, how they are reached, what they agreed to and what proves it is them."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Member(Model):
    """A guest of the programme. Names are NFC; nothing here identifies anybody at a till."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    number = fields.CharField(max_length=16, unique=True)
    status = fields.CharField(max_length=24)  # PENDING_CONFIRMATION | ACTIVE | BLOCKED | CLOSED | MERGED | ERASED
    last_name = fields.CharField(max_length=100)
    first_name = fields.CharField(max_length=100)
    patronymic = fields.CharField(max_length=100, null=True)
    birth_date = fields.DateField(null=True)
    locale = fields.CharField(max_length=8, default="ru")
    plastic_number = fields.CharField(
        max_length=32, null=True
    )  # typed at joining; a card of it is made at confirmation
    created_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)
    merged_into = fields.UUIDField(null=True)  # the profile that stands for this one

    class Meta:
        table = "member"


class Contact(Model):
    """One way to reach a member: a lower-cased e-mail or an E.164 phone. Unverified ones block nobody."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    kind = fields.CharField(max_length=8)  # EMAIL | PHONE
    value = fields.CharField(max_length=254)
    verified_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "contact"
        indexes = (("kind", "value"),)


class Credential(Model):
    """A member's password, as an Argon2id hash."""

    member_id = fields.UUIDField(primary_key=True)
    password_hash = fields.CharField(max_length=200)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "credential"


class Consent(Model):
    """One act of consent or withdrawal: which text, when, from where. Rows are only ever added."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    kind = fields.CharField(max_length=24)  # OFFER | PERSONAL_DATA | PARTNER_TRANSFER | MARKETING
    act = fields.CharField(max_length=12)  # GIVEN | WITHDRAWN
    document = fields.CharField(max_length=64)
    document_version = fields.CharField(max_length=32)
    text_sha256 = fields.CharField(max_length=64)
    at = fields.DatetimeField()
    address = fields.CharField(max_length=64)
    agent = fields.CharField(max_length=300)
    channel = fields.CharField(max_length=16)
    till_id = fields.UUIDField(null=True)  # the till at which it was said; null for the member's own pages

    class Meta:
        table = "consent"


class MailToken(Model):
    """A link sent by letter: only its SHA-256 is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    purpose = fields.CharField(max_length=8)  # CONFIRM | RESET
    token_sha256 = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "mail_token"


class MailCode(Model):
    """The six digits of the newest confirmation letter of a member, keyed-hashed, with the tries left."""

    member_id = fields.UUIDField(primary_key=True)
    code_sha256 = fields.BinaryField()
    expires_at = fields.DatetimeField()
    tries_left = fields.SmallIntField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "mail_code"


class EmailChange(Model):
    """An address asked for in the place of the one of before, until its letter is answered; one that waits a member."""

    id = fields.UUIDField(primary_key=True, default=uuid7)  # the letter's own: its secrets are derived from it
    member_id = fields.UUIDField(db_index=True)
    address = fields.CharField(max_length=254)
    old_address = fields.CharField(max_length=254, null=True)  # the proved one it took the place of
    session_id = fields.UUIDField()
    token_sha256 = fields.BinaryField()
    code_sha256 = fields.BinaryField()
    tries_left = fields.SmallIntField()
    asked_at = fields.DatetimeField()
    code_until = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)  # done, taken back, replaced, or ended by a new password
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "email_change"
