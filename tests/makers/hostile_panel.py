"""What the panel usually sends about webhooks, messages and the restaurants' cloud."""

from typing import Any, Final

NOBODY: Final = "0190a0b0-0000-7000-8000-000000000000"
PANEL: Final[dict[str, dict[str, Any]]] = {
    "addWebhook": {
        "input": {
            "partner": "igora",
            "url": "https://till.example.ru/hooks",
            "events": ["PURCHASE_POSTED"],
            "reason": "для проверки",
        }
    },
    "changeWebhook": {
        "input": {
            "id": NOBODY,
            "url": "https://till.example.ru/hooks",
            "events": ["TIER_CHANGED"],
            "reason": "для проверки",
        }
    },
    "switchWebhook": {"id": NOBODY, "on": True, "reason": "для проверки"},
    "endWebhook": {"id": NOBODY, "reason": "для проверки"},
    "rotateWebhookSecret": {"id": NOBODY, "reason": "для проверки"},
    "replayWebhooks": {
        "input": {
            "endpoint": NOBODY,
            "deliveries": [NOBODY],
            "since": None,
            "until": None,
            "undelivered": True,
            "reason": "для проверки",
        }
    },
    "testWebhook": {"id": NOBODY},
    "sendMessageSample": {"id": "LETTER.WELCOME", "locale": "RU"},
    "decideMoney": {"id": NOBODY, "decision": "TRY", "reason": "для проверки"},
    "replayRestaurantInbox": {"reason": "для проверки"},
}
