"""What a till usually sends to register a member, to change their data and to pass on a bank's word; and a member."""

from typing import Any

from tests.makers.joining import PASSWORD

NAMES = {"lastName": "Петров", "firstName": "Пётр", "patronymic": "Петрович"}
LISTED = {"externalId": "1", "phone": "+79210000003", "email": "guest@example.ru"}
CHANGE = {**NAMES, "accepted": ["marketing-1"], "withdrawn": ["PARTNER_TRANSFER"]}
SAID: dict[str, Any] = {"idempotencyKey": "hostile", "channel": "TILL", "request": "a" * 64, "code": "123456"}
WORD: dict[str, Any] = {"idempotencyKey": "hostile", "businessDate": "2026-03-14", "outlet": "igora-restaurant"}
ENTRY: dict[str, dict[str, Any]] = {
    "registerMember": {
        "input": {
            "idempotencyKey": "hostile",
            "channel": "TILL",
            "lastName": "Петров",
            "firstName": "Пётр",
            "patronymic": "Петрович",
            "birthDate": "1990-01-01",
            "email": "hostile@example.ru",
            "phone": "+79210000001",
            "accepted": ["offer-1", "personal-data-1"],
            "confirmBy": "SMS",
            "plasticNumber": "12345",
        }
    },
    "confirmMember": {"input": SAID},
    "requestMemberChange": {
        "input": {"channel": "TILL", "change": CHANGE, "ticket": None, "phone": "+79210000001", "request": None}
    },
    "confirmMemberChange": {"input": SAID | {"change": CHANGE}},
    "requestSpendingCode": {"input": {"ticket": "0190a0b0-0000-7000-8000-000000000007", "request": "a" * 32}},
    "confirmSpendingCode": {
        "input": {"ticket": "0190a0b0-0000-7000-8000-000000000007", "request": "a" * 32, "code": "123456"}
    },
    "confirmTender": {"input": WORD | {"receiptNumber": "hostile-5"}},
    "cancelTender": {"input": WORD | {"receiptNumber": "hostile-6"}},
}
OWN_DATA: dict[str, dict[str, Any]] = {
    "changeProfile": {
        "input": {
            "lastName": "Петров",
            "firstName": "Пётр",
            "patronymic": "Петрович",
            "birthDate": "1990-01-01",
            "language": "RU",
        }
    },
    "requestEmailChangeCode": {"request": None},
    "requestEmailChange": {
        "input": {"email": "hostile@example.ru", "password": PASSWORD, "request": "a" * 43, "code": "123456"}
    },
    "confirmEmailChange": {"token": "a" * 43},
    "confirmEmailChangeByCode": {"code": "123456"},
    "cancelEmailChange": {},
}
