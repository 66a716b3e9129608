"""What whoever approves campaigns usually asks for."""

from typing import Any

NOBODY = "0190a0b0-0000-7000-8000-000000000000"
APPROVING: dict[str, dict[str, Any]] = {
    "makePromoCodes": {
        "input": {
            "campaign": "winter",
            "label": "для проверки",
            "count": 1,
            "uses": 1,
            "until": "2026-12-31",
            "code": "ПРОВЕРКА",
            "reason": "для проверки",
            "idempotencyKey": "hostile",
        }
    },
    "cancelPromoBatch": {"batch": NOBODY, "reason": "для проверки"},
    "startCampaignBacktest": {
        "input": {"campaign": "winter", "from": "2026-01-01", "to": "2026-03-01", "withCodes": True}
    },
}
