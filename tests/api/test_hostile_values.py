"""Every hostile value through every argument of every mutation: a clear refusal, no echo, and nothing changed."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from graphql import GraphQLField, GraphQLObjectType

from api.app import create_app
from api.settings import Settings
from graph.schema import schema
from loyalty.refusals import Code
from services.resources import Policy, Resources
from services.tills import EVERY_SCOPE, TillFacts
from tests.makers.app import client_of
from tests.makers.approving import APPROVING
from tests.makers.credentials import make_token
from tests.makers.entry import ENTRY, LISTED, OWN_DATA
from tests.makers.hostile import Path, attempts, document_of
from tests.makers.hostile_panel import PANEL
from tests.makers.joining import PASSWORD
from tests.makers.people import MadeMember, make_member, make_phone, make_till
from tests.makers.programme import make_programme
from tests.makers.purchases import dinner, make_purchase, make_quote, make_ticket
from tests.makers.resources import make_resources
from tests.makers.shop import QUESTIONS as SHOP_QUESTIONS
from tests.makers.shop import USUAL as SHOP
from tests.makers.staff import make_staff, open_token
from tests.makers.state import last_write, state

MUTATION = schema()._schema.mutation_type
assert MUTATION
FIELDS: dict[str, GraphQLField] = dict(MUTATION.fields)
PROBLEM = "__typename ... on Problem { code message field retryable retryAfterSeconds requestId }"
WIDE: dict[str, Any] = {
    one.name: 10**6 for one in fields(Policy) if "_per_" in one.name or "burst" in one.name or "global" in one.name
}
WIDE |= {"sign_in_in_a_row": 10**6, "code_tries": 30, "scan_wrong_before_wait": 10**6, "sign_in_burst_seconds": 300}
SHORT = 6


@dataclass
class Scene:
    """What the usual arguments speak of."""

    client: httpx2.AsyncClient
    usual: dict[str, dict[str, Any]]
    headers: dict[str, dict[str, str]]
    held: dict[str, dict[str, str]]

    async def send(self, name: str, variables: dict[str, Any]) -> httpx2.Response:
        body = json.dumps({"query": document_of(name, FIELDS[name], PROBLEM), "variables": variables})
        return await self.client.post("/graphql", content=body.encode(), headers=self.headers[name])


NOBODY = "0190a0b0-0000-7000-8000-000000000000"
OTHER = "0190a0b0-0000-7000-8000-000000000001"
PEOPLE: dict[str, dict[str, Any]] = (
    ENTRY
    | SHOP
    | OWN_DATA
    | {
        "register": {
            "input": {
                "lastName": "Петров",
                "firstName": "Пётр",
                "patronymic": "Петрович",
                "birthDate": "1990-01-01",
                "email": "hostile@example.ru",
                "phone": "+79210000001",
                "password": PASSWORD,
                "acceptOffer": True,
                "acceptPersonalData": True,
                "documents": ["offer"],
            }
        },
        "resendConfirmation": {"email": "hostile@example.ru"},
        "confirmEmail": {"token": "a" * 43},
        "confirmEmailByCode": {"email": "hostile@example.ru", "code": "123456"},
        "signIn": {"login": "hostile@example.ru", "password": PASSWORD, "transport": "BEARER"},
        "signOut": {},
        "requestPasswordReset": {"email": "hostile@example.ru"},
        "resetPassword": {"token": "a" * 43, "password": PASSWORD},
        "changePassword": {"current": PASSWORD, "password": PASSWORD + "2"},
        "eraseMe": {"password": PASSWORD},
        "revokeDevice": {"id": "0190a0b0-0000-7000-8000-000000000000"},
        "giveConsent": {"document": "offer"},
        "withdrawConsent": {"kind": "OFFER"},
        "issueCardKey": {"device": "phone"},
        "requestSignInCode": {"login": "hostile@example.ru", "request": None},
        "signInByCode": {"request": "a" * 43, "code": "123456", "transport": "BEARER"},
        "requestPhoneCode": {"phone": "+79210000001", "request": None},
        "confirmPhone": {"request": "a" * 43, "code": "123456"},
        "setMessagePreferences": {"channels": [{"channel": "SMS", "service": True, "marketing": False}]},
        "confirmSpending": {"id": "0190a0b0-0000-7000-8000-000000000000"},
        "declineSpending": {"id": "0190a0b0-0000-7000-8000-000000000000"},
        "startBooking": {"input": {"idempotencyKey": "hostile", "offers": ["a" * 200]}},
        "confirmBooking": {"input": {"idempotencyKey": "hostile", "booking": NOBODY, "payment": "g-1"}},
        "cancelBooking": {"input": {"idempotencyKey": "hostile", "booking": NOBODY, "expectedPenalty": "0.00"}},
        "claimPurchase": {
            "input": {
                "idempotencyKey": "hostile",
                "outlet": "igora-restaurant",
                "receiptNumber": "hostile-4",
                "businessDate": "2026-03-14",
                "net": "100.00",
                "fiscal": "t=20260314T1226&s=100.00&fn=9999078900004792&i=1&fp=1&n=1",
            }
        },
        "foundFamily": {"input": {"idempotencyKey": "found"}},
        "inviteToFamily": {"input": {"idempotencyKey": "invite", "role": "ADULT"}},
        "revokeFamilyInvite": {"input": {"idempotencyKey": "revoke", "invite": NOBODY}},
        "joinFamily": {"input": {"idempotencyKey": "join", "token": "a" * 43}},
        "contributeToFamily": {"input": {"idempotencyKey": "give", "points": 1}},
        "showFamilyPurchases": {"input": {"idempotencyKey": "show", "shows": True}},
        "offerFamilyHead": {"input": {"idempotencyKey": "offer", "seat": NOBODY}},
        "takeFamilyHead": {"input": {"idempotencyKey": "take"}},
        "removeFamilySeat": {"input": {"idempotencyKey": "remove", "seat": NOBODY}},
        "leaveFamily": {"input": {"idempotencyKey": "leave"}},
        "dissolveFamily": {"input": {"idempotencyKey": "end"}},
        "allowSite": {"input": {"partner": "igora", "origin": "https://igora.example", "challenge": "a" * 43}},
        "exchangeSiteCode": {"code": "ka_" + "a" * 43, "verifier": "a" * 43},
        "pairTill": {"key": "kt_" + "a" * 43},
        "unpairTill": {},
    }
)
STAFF: dict[str, dict[str, Any]] = {
    "staffSignIn": {"email": "hostile@example.ru", "password": PASSWORD},
    "confirmStaffCode": {"code": "123456"},
    "useRecoveryCode": {"code": "abcd-efgh-ijkl-mnop"},
    "startStaffEnrolment": {"token": "a" * 64, "password": PASSWORD},
    "confirmStaffEnrolment": {"code": "123456"},
    "staffSignOut": {},
    "changeStaffPassword": {"current": PASSWORD, "password": "лиловый чайник под дождём 4", "code": "123456"},
    "regenerateRecoveryCodes": {"code": "123456"},
}
GRANTS = [{"role": None, "right": "card.view", "scope": {"partner": "igora", "outlet": None, "till": None}}]
ADMINISTRATION: dict[str, dict[str, Any]] = {
    "inviteStaff": {
        "input": {
            "email": "hostile@example.ru",
            "name": "Пётр Петров",
            "phone": "+79210000001",
            "partner": "igora",
            "comment": "смена",
            "locale": "RU",
            "reason": "для проверки",
        }
    },
    "updateStaff": {
        "input": {
            "id": NOBODY,
            "version": 1,
            "email": "hostile@example.ru",
            "name": "Пётр Петров",
            "phone": "+79210000001",
            "partner": "igora",
            "comment": "смена",
            "reason": "для проверки",
        }
    },
    "blockStaff": {"id": NOBODY, "reason": "для проверки"},
    "unblockStaff": {"id": NOBODY, "reason": "для проверки"},
    "resetStaffAccess": {"id": NOBODY, "reason": "для проверки"},
    "saveGrants": {"input": {"staff": NOBODY, "version": 1, "grants": GRANTS, "reason": "для проверки"}},
    "decideClaim": {
        "id": NOBODY,
        "approve": True,
        "reason": "для проверки",
        "service": "restaurants",
        "idempotencyKey": "hostile",
    },
    "grantPoints": {"input": {"idempotencyKey": "hostile", "member": NOBODY, "points": 10, "reason": "для проверки"}},
    "decidePointsGrant": {"id": NOBODY, "approve": True, "reason": "для проверки", "idempotencyKey": "hostile"},
    "addTill": {
        "input": {
            "name": "Касса 2",
            "partner": "igora",
            "outlet": "igora-restaurant",
            "kind": "ORDINARY",
            "channels": ["TILL"],
            "scopes": ["EARN"],
            "perMinute": 60,
            "reason": "для проверки",
        }
    },
    "endTill": {"id": NOBODY, "reason": "для проверки"},
    **PANEL,
    "moveStatement": {
        "input": {
            "idempotencyKey": "hostile",
            "month": "2026-03-01",
            "issuer": "igora",
            "partner": "favorit",
            "to": "SENT",
            "note": "для проверки",
        }
    },
    "decideSignal": {"signal": NOBODY, "decision": "NOTE", "note": "для проверки"},
    "unblockCard": {"card": NOBODY, "reason": "для проверки"},
    "revealContacts": {"member": NOBODY, "reason": "для проверки"},
    "grantTier": {"input": {"member": NOBODY, "tier": "pioneer", "until": "2026-12-31", "reason": "для проверки"}},
    "withdrawTier": {"grant": NOBODY, "reason": "для проверки"},
    "mergeMembers": {
        "input": {"survivor": NOBODY, "duplicate": OTHER, "reason": "для проверки", "idempotencyKey": "hostile"}
    },
    "undoMerge": {"merge": NOBODY, "reason": "для проверки", "idempotencyKey": "hostile"},
    "dismissPair": {"input": {"one": NOBODY, "other": OTHER, "reason": "для проверки", "idempotencyKey": "hostile"}},
    "restorePair": {"dismissal": NOBODY, "reason": "для проверки", "idempotencyKey": "hostile"},
    "eraseMember": {"input": {"member": NOBODY, "reason": "для проверки"}},
    "decideGrantRequest": {"id": NOBODY, "approve": True, "reason": "для проверки"},
    "saveRole": {
        "input": {
            "id": None,
            "version": None,
            "code": "hostile-role",
            "nameRu": "Роль",
            "nameEn": "Role",
            "rights": ["card.view"],
            "reason": "для проверки",
        }
    },
}


async def counter(
    resources: Resources, till: TillFacts, member: MadeMember, now: datetime
) -> dict[str, dict[str, Any]]:
    """The usual arguments of a till that has scanned, quoted and posted before."""
    purchase = (await make_purchase(resources, till, member, [dinner(100)], now)).purchase
    quote = await make_quote(till, member, [dinner(100)], now)
    phone = await make_phone(resources, member.id, now)
    line = {"service": "restaurants", "name": "Ужин", "quantity": "1", "amount": "100.00"}
    return {
        "identify": {"scanId": "0190a0b0-0000-7000-8000-000000000000", "code": phone.code(now, later=9)},
        "identifyByPhone": {"scanId": "0190a0b0-0000-7000-8000-000000000001", "phone": "+79210000001"},
        "quotePurchase": {
            "input": {"ticket": await make_ticket(till, member, now), "channel": "TILL", "lines": [line]}
        },
        "postPurchase": {
            "input": {
                "idempotencyKey": "hostile",
                "quote": str(quote.id),
                "receiptNumber": "hostile-1",
                "cashier": "17",
                "closedAt": now.isoformat(),
                "tenders": [{"kind": "CARD", "amount": "1.00"}],
            }
        },
        "postOfflineReceipts": {
            "input": {
                "sentAt": now.isoformat(),
                "till": str(till.id),
                "receipts": [
                    {
                        "idempotencyKey": "hostile",
                        "scan": {
                            "scanId": "0190a0b0-0000-7000-8000-000000000002",
                            "code": phone.code(now, later=20),
                            "scannedAt": now.isoformat(),
                        },
                        "receiptNumber": "hostile-3",
                        "cashier": "17",
                        "closedAt": now.isoformat(),
                        "channel": "TILL",
                        "lines": [line],
                        "tenders": [{"kind": "CARD", "amount": "1.00"}],
                    }
                ],
            }
        },
        "importGuests": {"guests": [LISTED], "dryRun": False},
        "refundPurchase": {
            "input": {
                "idempotencyKey": "hostile",
                "purchase": str(purchase.id),
                "receiptNumber": "no such receipt",
                "businessDate": now.date().isoformat(),
                "refundNumber": "hostile-2",
                "cashier": "17",
                "refundedAt": now.isoformat(),
                "lines": [{"line": str(purchase.lines[0].id), "quantity": "7", "net": None}],
            }
        },
    }


@pytest.fixture
async def scene(db: None, now: datetime) -> AsyncIterator[Scene]:
    await make_programme(now - timedelta(days=2))
    resources = make_resources(**WIDE)
    member = await make_member(now)
    till, key = await make_till(now, scopes=EVERY_SCOPE)
    token = await make_token(member, now)
    held: dict[str, dict[str, str]] = {
        "public": {},
        "member": {"authorization": f"Bearer {token}"},
        "till": {"authorization": f"Till {key}"},
    }
    owner = await open_token(await make_staff(resources, now), now)
    page = {"cookie": f"__Host-staff={owner}", "x-kunak": "1", "x-kunak-credential": "staff"}
    held |= {"staff": page, "needs": page}
    headers: dict[str, dict[str, str]] = {}
    for name, field in FIELDS.items():
        directives = field.extensions["strawberry-definition"].directives
        headers[name] = {"content-type": "application/json"} | held[type(directives[0]).__name__.lower()]
    usual = PEOPLE | STAFF | ADMINISTRATION | APPROVING | await counter(resources, till, member, now)
    app = create_app(Settings(introspection=True), resources=resources, clock=lambda: now, documents={})
    async with client_of(app) as client:
        yield Scene(client, usual, headers, held)


@pytest.mark.parametrize("name", sorted(FIELDS))
async def test_hostile_values_are_refused_and_change_nothing(scene: Scene, name: str) -> None:
    """security.md 6.3, F10: NUL, surrogates, overlong texts, wrong sums, impossible dates, other people's ids."""
    assert scene.usual[name].keys() <= FIELDS[name].args.keys()
    assert {name for name, part in FIELDS[name].args.items()} == scene.usual[name].keys(), "give its usual arguments"
    before, written = await state(), await last_write()
    for path, value, variables in attempts(FIELDS[name], scene.usual[name]):
        accepted = judge(await scene.send(name, variables), name, path, value)
        if await last_write() == written:
            continue
        after = await state()
        if not accepted:
            assert after == before, (name, path, value, [table for table in after if after[table] != before[table]])
        before, written = after, await last_write()


QUESTIONS: dict[str, tuple[dict[str, Any], str, str]] = SHOP_QUESTIONS | {
    "discount": (
        {"partner": "igora", "service": "restaurants", "channel": "TILL", "amount": "100.00"},
        "mine { net } byTier { net }",
        "public",
    ),
    "site": ({"partner": "igora", "origin": "https://igora.example"}, "bookingLink", "public"),
    "receipt": ({"number": "000001", "businessDate": "2026-03-14"}, "id", "till"),
    "me": ({"first": 5, "after": None, "partner": "igora", "from": "2026-01-01", "to": "2026-12-31"}, "next", "member"),
}


@pytest.mark.parametrize("name", QUESTIONS)
async def test_hostile_values_in_questions_are_refused_with_a_code(scene: Scene, name: str) -> None:
    usual, rest, who = QUESTIONS[name]
    query = schema()._schema.query_type
    member = schema()._schema.type_map["Member"]
    assert query
    assert isinstance(member, GraphQLObjectType)
    field = member.fields["purchases"] if name == "me" else query.fields[name]
    text = document_of("purchases" if name == "me" else name, field, rest, kind="query")
    text = text.replace("{ purchases", "{ me { purchases", 1) + "}" if name == "me" else text
    headers = {"content-type": "application/json"} | scene.held[who]
    before = await state()
    for path, value, variables in attempts(field, usual):
        body = json.dumps({"query": text, "variables": variables}).encode()
        answer = await scene.client.post("/graphql", content=body, headers=headers)
        what = (name, path, value, answer.status_code, answer.text[:300])
        assert answer.status_code in {200, 400}, what
        for told in answer.json().get("errors", ()):
            assert told["extensions"]["code"] in {*Code, "INVALID_QUERY", "BAD_JSON"} - {"INTERNAL"}, what
            if isinstance(value, str) and len(value) > SHORT:
                assert value not in told["message"], what
    assert await state() == before


def judge(answer: httpx2.Response, name: str, path: Path, value: Any) -> bool:
    """Whether the value was taken; raises where the answer is not one a stranger may see."""
    what = (name, path, value, answer.status_code, answer.text[:500])
    assert answer.status_code in {200, 400}, what
    body = answer.json()
    if answer.status_code == 400:
        told = body["errors"][0]
        assert len(body["errors"]) == 1, what
        assert told["extensions"]["code"] in {"INVALID_QUERY", "BAD_JSON"}, what
        problem: dict[str, Any] = {"message": told["message"]}
    else:
        assert "errors" not in body, what
        problem = body["data"][name]
        if problem["__typename"] != "Problem":
            return True
        assert problem["code"] in set(Code) - {Code.INTERNAL}, what
        assert problem["requestId"] == answer.headers["x-request-id"], what
        if problem["code"] == "INVALID_INPUT":
            assert problem["field"], what
            assert problem["field"].split(".")[0] in FIELDS[name].args, what
    if isinstance(value, str) and len(value) > SHORT:
        assert value not in json.dumps(problem, ensure_ascii=False), what
    return False
