"""What is personal in which table, and how it goes. Repeating it does no harm.

A table that names a member stands here, in WIPED or in KEPT: `tests/architecture/test_erasing.py` asks for it, so that
nobody adds one without saying what erasing does to it.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from services.work import Work

NAMELESS: Final = "—"

WIPED: Final[Mapping[str, str]] = {
    "member": f"""
        UPDATE member SET last_name = '{NAMELESS}', first_name = '{NAMELESS}', patronymic = NULL, birth_date = NULL,
            plastic_number = NULL, status = 'ERASED'
        WHERE id = $1 AND (status <> 'ERASED' OR birth_date IS NOT NULL OR last_name <> '{NAMELESS}')""",  # noqa: S608
    "contact": "DELETE FROM contact WHERE member_id = $1",
    "credential": "DELETE FROM credential WHERE member_id = $1",
    "mail_token": "DELETE FROM mail_token WHERE member_id = $1",
    "mail_code": "DELETE FROM mail_code WHERE member_id = $1",
    "email_change": "DELETE FROM email_change WHERE member_id = $1",
    "site_grant": "DELETE FROM site_grant WHERE member_id = $1",
    "session": "DELETE FROM session WHERE member_id = $1",
    # The roots behind the rotating code are keys: with the row their sealed form is gone too.
    "qr_credential": "DELETE FROM qr_credential WHERE member_id = $1",
    "channel_preference": "DELETE FROM channel_preference WHERE member_id = $1",
    "member_identity": "DELETE FROM member_identity WHERE member_id = $1",
    "restaurant_guest": "DELETE FROM restaurant_guest WHERE member_id = $1",
    # That he agreed to which text and when is what the programme must be able to show; from where is his own.
    "consent": """
        UPDATE consent SET address = '', agent = '' WHERE member_id = $1 AND (address <> '' OR agent <> '')""",
    "message": """
        UPDATE message SET subject = NULL, text = CASE WHEN text IS NOT NULL THEN '' END
        WHERE member_id = $1 AND (subject IS NOT NULL OR text <> '')""",
    "delivery_attempt": """
        UPDATE delivery_attempt AS a SET address = '', told = '' FROM message AS m
        WHERE m.id = a.message_id AND m.member_id = $1 AND (a.address <> '' OR a.told <> '')""",
    "one_time_code": """
        UPDATE one_time_code SET address = NULL, bound_sha256 = '', used_at = coalesce(used_at, created_at)
        WHERE member_id = $1 AND (address IS NOT NULL OR bound_sha256 <> '')""",
    "booking": """
        UPDATE booking SET remarks = '[]', payment_url = NULL, corporate = NULL
        WHERE member_id = $1 AND (remarks <> '[]' OR payment_url IS NOT NULL OR corporate IS NOT NULL)""",
    "points_grant": """
        UPDATE points_grant SET reason = '', decision_reason = CASE WHEN decision_reason IS NOT NULL THEN '' END
        WHERE member_id = $1 AND (reason <> '' OR decision_reason <> '')""",
    "dismissed_pair": """
        UPDATE dismissed_pair SET reason = '', restore_reason = CASE WHEN restore_reason IS NOT NULL THEN '' END
        WHERE (older_id = $1 OR newer_id = $1) AND (reason <> '' OR restore_reason <> '')""",
    # Where money may still go back its receipt needs the address, or the bank refuses it; a later pass takes it.
    "payment": """
        UPDATE payment AS p SET contact = NULL, confirmation_url = NULL
        WHERE member_id = $1 AND (contact IS NOT NULL OR confirmation_url IS NOT NULL)
            AND state NOT IN ('OPENING', 'PENDING', 'EXPIRED')
            AND NOT EXISTS (SELECT 1 FROM payment_refund AS r
                WHERE r.payment_id = p.id AND r.state IN ('ASKING', 'PENDING') AND r.fault IS NULL)""",
    # The number of an old plastic card leads to a name in the system it came from; that of our own card leads nowhere else.
    "card": """
        UPDATE card SET status = 'ARCHIVED',
            number = CASE WHEN kind = 'VIRTUAL' THEN number ELSE replace(id::text, '-', '') END
        WHERE member_id = $1 AND (status <> 'ARCHIVED' OR kind <> 'VIRTUAL' AND number <> replace(id::text, '-', ''))""",
    "job": "UPDATE job SET error = NULL WHERE payload->>'member_id' = $1::uuid::text AND error IS NOT NULL",
}
"""How the personal fields of a table go, in this order: a consent is emptied of somebody erased alone. $1 is the member."""

STRAY: Final[Mapping[str, str]] = {
    "one_time_code": """
        UPDATE one_time_code SET address = NULL, bound_sha256 = '', used_at = coalesce(used_at, created_at)
        WHERE member_id IS NULL AND address = ANY ($1::text[])""",
    "stopped_address": "DELETE FROM stopped_address WHERE address = ANY ($1::text[])",
    "sandbox_message": "DELETE FROM sandbox_message WHERE address = ANY ($1::text[])",
    "opening": """
        DELETE FROM opening WHERE member_id IS NULL AND (phone = ANY ($1::text[]) OR email = ANY ($1::text[]))""",
    "restaurant_order": """
        UPDATE restaurant_order SET body = NULL WHERE body IS NOT NULL
            AND EXISTS (SELECT 1 FROM unnest($1::text[]) AS c (value) WHERE position(ltrim(value, '+') IN body::text) > 0)""",
}
"""What names a member by his contacts alone. $1 are those that he had proved to be his."""

# A gateway's report that could not be understood is kept as it came, numbers in it too; there are few of them. It is found by
# the names of the attempts it is about.
REPORTS: Final = """
UPDATE delivery_report AS r SET body = '' FROM delivery_attempt AS a JOIN message AS m ON m.id = a.message_id
WHERE m.member_id = $1 AND r.gateway = a.gateway AND r.state <> 'DONE' AND r.state <> 'NEW' AND r.body <> ''
    AND (position(convert_to(a.provider_id, 'UTF8') IN r.body) > 0
        OR position(convert_to(a.id::text, 'UTF8') IN r.body) > 0)
"""

# Who pays late gets the money back for some days; $2 is the end of those for which nobody looks any more.
LATE: Final = """
UPDATE payment SET contact = NULL, confirmation_url = NULL
WHERE member_id = $1 AND state = 'EXPIRED' AND expires_at < $2 AND (contact IS NOT NULL OR confirmation_url IS NOT NULL)
"""

_BOOKS: Final = "the books: sums, moments and places under the pseudonym"
KEPT: Final[Mapping[str, str]] = {
    "purchase": _BOOKS,
    "quote": _BOOKS,
    "shop_order": _BOOKS,
    "instalment": _BOOKS,
    "member_standing": _BOOKS,
    "member_points": _BOOKS,
    "points_lot": _BOOKS,
    "points_hold": _BOOKS,
    "tier_period": _BOOKS,
    "tier_grant": _BOOKS,
    "opening": _BOOKS + "; the line of the file it came from is accepted once",
    "settlement_line": _BOOKS,
    "campaign_use": _BOOKS,
    "campaign_hold": _BOOKS,
    "coupon": _BOOKS,
    "pos_order": _BOOKS,
    "purchase_claim": _BOOKS,
    "family": "who was offered its head",
    "family_seat": "who sat where and when",
    "family_invite": "who invited whom; the link is a digest",
    "scan_ticket": "which till scanned when, for a day",
    "card_activity": "what a phone is told, for a day",
    "fraud_signal": "what was suspicious about a card is no less so afterwards",
    "erasure": "that it was done",
    "merge_case": "which profile became which",
}
"""Tables that name a member and hold nothing personal, with the reason why they stay."""


async def wipe(tx: Work, member: UUID, contacts: list[str]) -> dict[str, int]:
    """Empty every personal field of a member and of these contacts of his; rows that were touched, by table."""
    touched: dict[str, int] = {}
    for statements, about in ((STRAY, contacts), (WIPED, member)):
        for table, statement in statements.items():
            rows = int((await tx.execute(statement, about)).rpartition(" ")[2])
            if rows:
                touched[table] = touched.get(table, 0) + rows
    return touched
