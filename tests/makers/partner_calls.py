"""Every field of the schema that a till or one of the staff may call, with arguments that aim at a partner's rows.

A field stands in one of the tables, or its right is never held at a partner. Which table says what is expected of it.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

from tests.makers.partners import Side

NOBODY = "0190a0b0-0000-7000-8000-000000000000"
WHY = {"reason": "для проверки"}
Given = Callable[[Side], dict[str, Any]]
_KEYS = count(1)


def right(code: str, side: Side) -> dict[str, Any]:
    """A right at a whole partner."""
    return {"right": code, "scope": {"partner": side.partner}}


def of(given: Given | dict[str, Any], side: Side) -> dict[str, Any]:
    """The arguments of a call that aims at a side."""
    return given if isinstance(given, dict) else given(side)


def said(side: Side, **more: Any) -> dict[str, Any]:
    """An input with the name of its partner and a key of its own."""
    return {"input": {"idempotencyKey": f"mark-{side.partner}-{next(_KEYS)}"} | more}


def kept_offline(side: Side) -> dict[str, Any]:
    at = side.posted.purchase.closed_at
    line = {"service": side.service, "name": "Матрас", "quantity": "1", "amount": "100.00"}
    receipt = {
        "idempotencyKey": f"mark-{side.partner}-offline",
        "scan": {
            "scanId": "0190a0b0-0000-7000-8000-000000000002",
            "code": side.phone.code(at),
            "scannedAt": at.isoformat(),
        },
        "receiptNumber": f"mark-{side.partner}-offline",
        "closedAt": at.isoformat(),
        "channel": "TILL",
        "lines": [line],
        "tenders": [{"kind": "CARD", "amount": "100.00"}],
    }
    return {"input": {"sentAt": at.isoformat(), "till": str(side.till.id), "receipts": [receipt]}}


# Lists of whatever is the reader's: nothing to aim with.
LISTS: dict[str, dict[str, Any]] = {
    "claims": {"first": 5},
    "staffMembers": {"first": 5},
    "grantRequests": {},
    "auditEvents": {"first": 20},
    "tills": {"first": 5},
    "plugins": {},
    "settlementLines": {"month": "2026-03-01", "first": 20},
    "fraudSignals": {"first": 5},
    "operations": {"first": 5},
    "webhookEndpoints": {"first": 5},
    "till": {},
    "moneyWaiting": {},
    "restaurantConnections": {},
    "restaurantInbox": {},
    "restaurantComparison": {"days": 30},
}
# Filters of lists that name the partner: of another's rows they leave nothing.
NARROWED: tuple[tuple[str, Given], ...] = (
    ("operations", lambda side: {"first": 5, "partner": side.partner}),
    ("operations", lambda side: {"first": 5, "outlet": side.outlet}),
    ("operations", lambda side: {"first": 5, "receipt": side.receipt}),
    ("operations", lambda side: {"first": 5, "member": str(side.member.id)}),
    ("settlementLines", lambda side: {"month": "2026-03-01", "first": 5, "issuer": side.partner}),
    ("tills", lambda side: {"first": 5, "partner": side.partner}),
    ("webhookEndpoints", lambda side: {"first": 5, "partner": side.partner}),
    ("staffMembers", lambda side: {"first": 5, "search": side.staff.email}),
    ("auditEvents", lambda side: {"first": 5, "object": str(side.endpoint)}),
)
# Arguments that name rows of a partner: one's own are answered or changed, another's are as if they were not there.
REACHES: dict[str, Given] = {
    "staffMember": lambda side: {"id": str(side.staff.id)},
    "operation": lambda side: {"id": str(side.posted.purchase.id)},
    "webhookDeliveries": lambda side: {"endpoint": str(side.endpoint), "first": 5},
    "receipt": lambda side: {"number": side.receipt, "businessDate": str(side.posted.purchase.business_date)},
    "pointsHold": lambda side: {"quote": str(side.open_quote.id)},
    "grantPreview": lambda side: {"staff": str(side.staff.id), "grants": [right("operation.view", side)]},
    "decideClaim": lambda side: {"id": str(side.claim), "approve": False, **WHY},
    "inviteStaff": lambda side: {
        "input": {"email": "new@example.ru", "name": "Нина Новая", "partner": side.partner, **WHY}
    },
    "updateStaff": lambda side: {
        "input": {"id": str(side.staff.id), "version": side.version, "email": "other@example.ru", "name": "Нина Иная",
                  "partner": side.partner, "comment": "", **WHY}
    },
    "blockStaff": lambda side: {"id": str(side.staff.id), **WHY},
    "unblockStaff": lambda side: {"id": str(side.staff.id), **WHY},
    "resetStaffAccess": lambda side: {"id": str(side.staff.id), **WHY},
    "saveGrants": lambda side: {
        "input": {"staff": str(side.staff.id), "version": side.version, "grants": [right("operation.view", side)], **WHY}
    },
    "decideGrantRequest": lambda side: {"id": str(side.request), "approve": False, **WHY},
    "addTill": lambda side: {
        "input": {"name": "Касса 2", "partner": side.partner, "outlet": side.outlet, "channels": ["TILL"], **WHY}
    },
    "endTill": lambda side: {"id": str(side.spare.id), **WHY},
    "decideMoney": lambda side: {"id": str(side.payment), "decision": "TRY", **WHY},
    "decideSignal": lambda side: {"signal": str(side.signal), "decision": "DISMISS", "note": "проверено"},
    "unblockCard": lambda side: {"card": str(side.blocked), **WHY},
    "addWebhook": lambda side: {
        "input": {"partner": side.partner, "url": "https://new.example.ru/hooks", "events": ["PURCHASE_POSTED"], **WHY}
    },
    "changeWebhook": lambda side: {
        "input": {"id": str(side.endpoint), "url": "https://new.example.ru/2", "events": ["TIER_CHANGED"], **WHY}
    },
    "switchWebhook": lambda side: {"id": str(side.endpoint), "on": False, **WHY},
    "rotateWebhookSecret": lambda side: {"id": str(side.endpoint), **WHY},
    "replayWebhooks": lambda side: {
        "input": {"endpoint": str(side.endpoint), "deliveries": [str(side.delivery)], **WHY}
    },
    "testWebhook": lambda side: {"id": str(side.endpoint)},
    "endWebhook": lambda side: {"id": str(side.endpoint), **WHY},
    "quotePurchase": lambda side: {
        "input": {"ticket": side.ticket, "lines": [
            {"service": side.service, "name": "Матрас", "quantity": "1", "amount": "100.00"}]}
    },
    "postPurchase": lambda side: said(
        side, quote=str(side.open_quote.id), receiptNumber="mark-new", closedAt=side.posted.purchase.closed_at.isoformat(),
        tenders=[{"kind": "POINTS", "amount": "1.00"}, {"kind": "CARD", "amount": "99.00"}],
    ),
    "refundPurchase": lambda side: said(
        side, purchase=str(side.posted.purchase.id), refundNumber="mark-back",
        refundedAt=side.posted.purchase.closed_at.isoformat(),
    ),
    "confirmTender": lambda side: said(
        side, receiptNumber=side.instalments[0], businessDate=str(side.posted.purchase.business_date), outlet=side.outlet
    ),
    "cancelTender": lambda side: said(
        side, receiptNumber=side.instalments[1], businessDate=str(side.posted.purchase.business_date), outlet=side.outlet
    ),
    "requestMemberChange": lambda side: {
        "input": {"channel": "TILL", "ticket": side.ticket, "change": {"firstName": "Ольга"}}
    },
    "requestSpendingCode": lambda side: {"input": {"ticket": side.told}},
    "postOfflineReceipts": kept_offline,
    "voucher": lambda side: {"code": side.voucher_code},
    "redeemVoucher": lambda side: said(side, code=side.voucher_code),
}  # fmt: skip
# Guests, tiers, rights and roles are the programme's, and so is the caller's own person: no partner has such a row.
SHARED: dict[str, Given | dict[str, Any]] = {
    "rights": {},
    "roles": {},
    "settlement": {},
    "memberCards": lambda side: {"search": side.member.number},
    "memberCard": lambda side: {"id": str(side.member.id)},
    "revealContacts": lambda side: {"member": str(side.member.id), **WHY},
    "identify": lambda side: {"scanId": "0190a0b0-0000-7000-8000-000000000009",
                              "code": side.phone.code(side.posted.purchase.closed_at)},
    "identifyByPhone": lambda side: {"scanId": "0190a0b0-0000-7000-8000-000000000008", "phone": side.member.phone},
    "registerMember": lambda side: said(
        side, channel="TILL", lastName="Петров", firstName="Пётр", birthDate="1990-01-01", email=side.member.email,
        phone="+79210000001", accepted=["offer", "data"], confirmBy="EMAIL",
    ),
    "importGuests": lambda side: {"guests": [{"externalId": "1", "phone": side.member.phone}]},
    "unpairTill": {},
    "changeStaffPassword": {"current": "x", "password": "лиловый чайник под дождём 4", "code": "123456"},
    "regenerateRecoveryCodes": {"code": "123456"},
    "staffSignOut": {},
}  # fmt: skip
# Rights that are held at a partner too, but not for what is everybody's.
WHOLE: dict[str, dict[str, Any]] = {
    "saveRole": {"input": {"code": "new", "nameRu": "Роль", "nameEn": "Role", "rights": ["card.view"], **WHY}},
    "replayRestaurantInbox": WHY,
    "pointsGrants": {"first": 5},
    "grantPoints": {"input": {"idempotencyKey": "mark-points", "member": NOBODY, "points": 10, **WHY}},
    "decidePointsGrant": {"id": NOBODY, "approve": True, **WHY},
}
# The code that the guest says is bound to the till that asked for it, a statement is of two partners: shown where they are.
BOUND = {
    "moveStatement": "tests/graph/staff/test_statements_over_http.py::test_a_statement_of_others_is_not_there",
    "confirmMember": "tests/graph/entry/test_registering.py::test_a_wrong_code_opens_nothing_and_five_end_it",
    "confirmSpendingCode": "tests/graph/entry/test_spending_code.py::test_other_tills_other_keys_and_scanned_codes_have_no_use_for_it",
    "confirmMemberChange": "tests/graph/entry/test_changing.py::test_a_code_makes_the_change_it_was_said_for",
}
