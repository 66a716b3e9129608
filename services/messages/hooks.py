"""The addresses where gateways post their reports: nobody can guess one, and each gateway has its own."""

from typing import Final

from services.keyring import Keyring

PATH: Final = "/hooks/messages"
HOOK: Final = "message-hook"
TOKEN_CHARACTERS: Final = 32


def token_of(gateway: str, keyring: Keyring) -> str:
    """The unguessable part of a gateway's address: 128 bits that only the holder of the key can name."""
    return keyring.mac(HOOK, gateway.encode()).hex()[:TOKEN_CHARACTERS]


def is_token(gateway: str, token: str, keyring: Keyring) -> bool:
    """Whether a report came by the right address, or by one of a key that is being changed."""
    return keyring.vouches(HOOK, gateway.encode(), token, TOKEN_CHARACTERS)


def callback_url(origin: str | None, gateway: str, keyring: Keyring) -> str | None:
    """Where a gateway posts its reports, or None where it cannot reach us: then it is asked instead."""
    return None if origin is None else f"{origin}{PATH}/{gateway}/{token_of(gateway, keyring)}"
