"""What the environment may say about one process: read once at its start, typed, and refused with every fault at once."""

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from api.halves import halves
from api.port import HOST, PORT, PORT_MAX
from loyalty.sites import origin_of
from loyalty.tariffs import Price, read_prices
from services.resources import Policy

FROM_FILE: Final = "_FILE"
DATABASE_SCHEMES: Final = ("asyncpg", "postgres", "postgresql")
REDIS_SCHEMES: Final = ("redis", "rediss", "unix")
SMS_GATEWAYS: Final = ("smsaero", "edna", "smsc")
VIBER_GATEWAYS: Final = ("smsaero", "edna")
RESERVATIONS: Final = ("v1", "v2")
IIKO_GROUPS: Final = ("groupId", "parentGroup")
RECEIPT_MODES: Final = ("full_prepayment", "full_payment", "advance")
SMTP_SCHEMES: Final = ("smtp", "smtps")


class BadSettings(Exception):
    """Every setting that cannot be used, one a line."""


def _number(value: str, *, low: int = 0, high: int = 10**9) -> int:
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ValueError(f"must be a whole number from {low} to {high}")
    return int(value)


def _flag(value: str) -> bool:
    if value not in {"yes", "no"}:
        raise ValueError("must be yes or no")
    return value == "yes"


def _url(value: str, *, schemes: tuple[str, ...]) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes:
        raise ValueError("must be an address that starts with " + " or ".join(f"{scheme}://" for scheme in schemes))
    return value


def _origin(value: str) -> str:
    parts = urlsplit(_url(value, schemes=("http", "https")))
    if not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("must be an origin such as https://card.example, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _networks(value: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part.strip())) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("must be networks such as 10.0.0.0/8, separated by commas") from None


def _gateway(value: str) -> str:
    parts = urlsplit(_url(value, schemes=("http", "https")))
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise ValueError("must start with https://; http:// is for a stand-in on this machine")
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address such as https://gate.example/v2, without a name or a question in it")
    return value.rstrip("/")


def _names(value: str, *, among: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    if len(set(found)) != len(found) or not set(found) <= set(among):
        raise ValueError("must be some of " + ", ".join(among) + ", in the order in which they are asked")
    return found


def _choice(value: str, *, among: tuple[str, ...]) -> str:
    if value not in among:
        raise ValueError("must be one of " + ", ".join(among))
    return value


def _trials(value: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for part in value.split(","):
        partner, _, origin = part.strip().partition("=")
        if not partner or origin_of(origin, loopback=True) != origin:
            raise ValueError("must be such as igora=https://trial.example, separated by commas")
        found.append((partner, origin))
    return tuple(found)


def _prices(value: str) -> tuple[Price, ...]:
    return read_prices(value, among={*SMS_GATEWAYS, *VIBER_GATEWAYS})


def _setting(variable: str, read: Callable[[str], Any], tells: str, default: Any) -> Any:
    """A field that a variable of the environment fills; `tells` is its line in docs/settings.md."""
    return field(default=default, metadata={"variable": variable, "read": read, "tells": tells})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of a process."""

    home: Path = _setting("KUNAK_HOME", Path, "Folder for what Kunak keeps on this machine.", Path("var"))
    host: str = _setting("HOST", str, "Address the server listens on.", HOST)
    port: int = _setting("PORT", partial(_number, low=1, high=PORT_MAX), "Port the server listens on.", PORT)
    base_url: str | None = _setting(
        "KUNAK_BASE_URL", _origin, "Origin people see in their browser; letters link to it.", None
    )
    database_url: str | None = _setting(
        "DATABASE_URL",
        partial(_url, schemes=DATABASE_SCHEMES),
        "PostgreSQL 15 or newer. Without it Kunak runs a private server in its home.",
        None,
    )
    database_connections: int = _setting(
        "KUNAK_DATABASE_CONNECTIONS", partial(_number, low=2, high=200), "Connections of one process at most.", 12
    )
    acquire_millis: int = _setting(
        "KUNAK_ACQUIRE_MILLIS", partial(_number, low=50, high=10_000), "Longest wait for a connection, then BUSY.", 1000
    )
    redis_url: str | None = _setting(
        "REDIS_URL", partial(_url, schemes=REDIS_SCHEMES), "Redis or Valkey, if there is one.", None
    )
    keys: Path | None = _setting(
        "KUNAK_KEYS", Path, "File with the keys that seal secrets. Without it: `keys` in the home.", None
    )
    smtp_url: str | None = _setting(
        "SMTP_URL",
        partial(_url, schemes=SMTP_SCHEMES),
        "Mail relay: smtp:// with STARTTLS, smtps:// with TLS from the start.",
        None,
    )
    smtp_plain: bool = _setting(
        "KUNAK_SMTP_PLAIN", _flag, "Allow a relay without encryption (this machine only).", False
    )
    mail_from: str = _setting("KUNAK_MAIL_FROM", str, "Sender of letters.", "Kunak <kunak@localhost>")
    sms_gateways: tuple[str, ...] = _setting(
        "KUNAK_SMS_GATEWAYS",
        partial(_names, among=SMS_GATEWAYS),
        "Gateways for SMS in the order in which they are asked.",
        (),
    )
    viber_gateways: tuple[str, ...] = _setting(
        "KUNAK_VIBER_GATEWAYS",
        partial(_names, among=VIBER_GATEWAYS),
        "Gateways for Viber in the order in which they are asked.",
        (),
    )
    message_prices: tuple[Price, ...] = _setting(
        "KUNAK_MESSAGE_PRICES",
        _prices,
        "Kopecks of a part of an SMS and of a Viber message, by gateway and, where they differ, by prefix.",
        (),
    )
    smsaero_url: str = _setting("KUNAK_SMSAERO_URL", _gateway, "Address of SMS Aero.", "https://gate.smsaero.ru/v2")
    smsaero_login: str | None = _setting("KUNAK_SMSAERO_LOGIN", str, "E-mail of the account at SMS Aero.", None)
    smsaero_key: str | None = _setting("KUNAK_SMSAERO_KEY", str, "Key of its interface.", None)
    smsaero_sign: str | None = _setting("KUNAK_SMSAERO_SIGN", str, "Registered sender of SMS.", None)
    smsaero_viber_sign: str | None = _setting("KUNAK_SMSAERO_VIBER_SIGN", str, "Registered sender in Viber.", None)
    edna_url: str = _setting("KUNAK_EDNA_URL", _gateway, "Address of edna Pulse.", "https://app.edna.ru/api")
    edna_key: str | None = _setting("KUNAK_EDNA_KEY", str, "Key of its interface.", None)
    edna_sms_cascade: int | None = _setting(
        "KUNAK_EDNA_SMS_CASCADE", partial(_number, low=1), "Number of the account's cascade of one stage, SMS.", None
    )
    edna_viber_cascade: int | None = _setting(
        "KUNAK_EDNA_VIBER_CASCADE",
        partial(_number, low=1),
        "Number of the account's cascade of one stage, Viber.",
        None,
    )
    smsc_url: str = _setting("KUNAK_SMSC_URL", _gateway, "Address of SMSC.ru.", "https://smsc.ru/sys")
    smsc_key: str | None = _setting(
        "KUNAK_SMSC_KEY", str, "Key of its interface, in place of login and password.", None
    )
    smsc_sender: str | None = _setting("KUNAK_SMSC_SENDER", str, "Registered sender of SMS there.", None)
    travelline_url: str = _setting(
        "KUNAK_TRAVELLINE_URL", _gateway, "Address of TravelLine.", "https://partner.tlintegration.com"
    )
    travelline_client_id: str | None = _setting(
        "KUNAK_TRAVELLINE_CLIENT_ID", str, "Client of the hotel's API connection at TravelLine.", None
    )
    travelline_client_secret: str | None = _setting("KUNAK_TRAVELLINE_CLIENT_SECRET", str, "Its secret.", None)
    travelline_api_key: str | None = _setting(
        "KUNAK_TRAVELLINE_API_KEY", str, "Key in X-API-KEY, for older connections alone.", None
    )
    travelline_reservation: str = _setting(
        "KUNAK_TRAVELLINE_RESERVATION",
        partial(_choice, among=RESERVATIONS),
        "Version of its Reservation API: with v1 the hotel takes the money, with v2 TravelLine may.",
        "v1",
    )
    travelline_share: int = _setting(
        "KUNAK_TRAVELLINE_SHARE",
        partial(_number, low=1, high=50),
        "How many processes of ours share the account's limits.",
        1,
    )
    yookassa_url: str = _setting("KUNAK_YOOKASSA_URL", _gateway, "Address of YooKassa.", "https://api.yookassa.ru/v3")
    yookassa_shop_id: str | None = _setting("KUNAK_YOOKASSA_SHOP_ID", str, "Id of the shop at YooKassa.", None)
    yookassa_secret_key: str | None = _setting("KUNAK_YOOKASSA_SECRET_KEY", str, "Its secret key.", None)
    yookassa_networks: tuple[str, ...] = _setting(
        "KUNAK_YOOKASSA_NETWORKS",
        _networks,
        "Networks from which its notifications come; without them the unguessable address has to do.",
        (),
    )
    yookassa_receipts: bool = _setting(
        "KUNAK_YOOKASSA_RECEIPTS", _flag, "Whether it writes the fiscal receipts, and so is sent their lines.", False
    )
    yookassa_vat: int = _setting(
        "KUNAK_YOOKASSA_VAT", partial(_number, low=1, high=12), "Code of the VAT rate in receipts; 1 is without.", 1
    )
    yookassa_mode: str = _setting(
        "KUNAK_YOOKASSA_MODE", partial(_choice, among=RECEIPT_MODES), "Mode of payment in receipts.", "full_prepayment"
    )
    yookassa_tax_system: int | None = _setting(
        "KUNAK_YOOKASSA_TAX_SYSTEM",
        partial(_number, low=1, high=6),
        "Code of the system of taxation in receipts.",
        None,
    )
    iiko_url: str = _setting("KUNAK_IIKO_URL", _gateway, "Address of iikoCloud.", "https://api-ru.iiko.services")
    iiko_api_key: str | None = _setting("KUNAK_IIKO_API_KEY", str, "API key of the restaurants at iikoCloud.", None)
    iiko_app_id: str | None = _setting(
        "KUNAK_IIKO_APP_ID", str, "Application of iiko's developer portal, which newer keys need.", None
    )
    iiko_client_secret: str | None = _setting("KUNAK_IIKO_CLIENT_SECRET", str, "Secret of that application.", None)
    iiko_group: str = _setting(
        "KUNAK_IIKO_GROUP",
        partial(_choice, among=IIKO_GROUPS),
        "Field of a product that holds the menu group which plugins name, too.",
        "groupId",
    )
    iiko_tables: bool = _setting(
        "KUNAK_IIKO_TABLES",
        _flag,
        "Whether the cloud tells of orders that cashiers take: then they are read, and compared one by one.",
        False,
    )
    iiko_guests: bool = _setting(
        "KUNAK_IIKO_GUESTS",
        _flag,
        "Whether members who agreed that partners are told become guests of the cloud.",
        False,
    )
    iiko_share: int = _setting(
        "KUNAK_IIKO_SHARE", partial(_number, low=1, high=50), "How many processes of ours share the key's limits.", 1
    )
    worker: str = _setting(
        "KUNAK_WORKER",
        partial(_choice, among=("inside", "apart")),
        "Whether jobs run inside the server process or in `kunak worker`.",
        "inside",
    )
    trial_origins: tuple[tuple[str, str], ...] = _setting(
        "KUNAK_TRIAL_ORIGINS",
        _trials,
        "Sites on trial: partner=origin, where its widget may stand besides the origins of the programme.",
        (),
    )
    sandbox: bool = _setting(
        "KUNAK_SANDBOX",
        _flag,
        "Whether the sandbox beside the database is meant: `kunak sandbox create` makes it.",
        False,
    )
    webhook_networks: tuple[str, ...] = _setting(
        "KUNAK_WEBHOOK_NETWORKS",
        _networks,
        "Networks of our own to which webhooks may go, also by http://. Public addresses need none.",
        (),
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "KUNAK_TRUSTED_PROXIES", _networks, "Networks whose X-Forwarded-For is believed.", ()
    )
    developer_key: str | None = _setting(
        "KUNAK_DEVELOPER_KEY", str, "Whoever sends it in X-Kunak-Developer may ask for the schema in production.", None
    )
    introspection: bool = _setting("KUNAK_INTROSPECTION", _flag, "Whether the schema may be asked for.", False)
    log_level: str = _setting(
        "KUNAK_LOG",
        partial(_choice, among=("debug", "info", "warning", "error")),
        "Least severe line that is logged.",
        "info",
    )
    policy: Policy = field(default_factory=Policy)

    @property
    def origin(self) -> str:
        """The origin people see, which without a proxy is the address we listen on."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def books_hotels(self) -> bool:
        """Whether there are the keys of a booking engine."""
        return bool(self.travelline_client_id and self.travelline_client_secret)

    @property
    def takes_money(self) -> bool:
        """Whether there are the keys of an acquirer."""
        return bool(self.yookassa_shop_id and self.yookassa_secret_key)

    @property
    def key_file(self) -> Path:
        """Where the keys are."""
        return self.keys or self.home / "keys"

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ, **given: Any) -> Self:
        """Read the environment; what is given by the caller wins. Raises `BadSettings` with every fault."""
        faults: list[str] = []
        values: dict[str, Any] = {}
        known = {one.metadata["variable"]: one for one in fields(cls) if "variable" in one.metadata}
        for variable, one in known.items():
            text = _text(environment, variable, faults)
            if text:
                try:
                    values[one.name] = one.metadata["read"](text)
                except ValueError as error:
                    faults.append(f"{variable} {error}")
        values["policy"] = _policy(environment, faults)
        allowed = known.keys() | {f"{variable}{FROM_FILE}" for variable in known} | POLICY.keys() | OTHERS
        faults += [
            f"{name} is no setting of Kunak"
            for name in environment
            if name.startswith("KUNAK_") and name not in allowed
        ]
        faults += halves({variable for variable, one in known.items() if one.name in values})
        if faults:
            raise BadSettings("\n".join(sorted(faults)))
        return cls(**(values | given))


def _text(environment: Mapping[str, str], variable: str, faults: list[str]) -> str:
    """The variable's text, or the text of the file that its sibling names: secrets come as files."""
    text, path = environment.get(variable, ""), environment.get(f"{variable}{FROM_FILE}", "")
    if not path:
        return text
    if text:
        faults.append(f"{variable} and {variable}{FROM_FILE}: give one of them")
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not text"
        faults.append(f"{variable}{FROM_FILE}: {path} cannot be read: {cause}")
        return ""


def _prefixes(value: str) -> str:
    parts = [part.strip() for part in value.split(",")]
    if not all(part.startswith("+") and part[1:].isascii() and part[1:].isdigit() for part in parts):
        raise ValueError("must be prefixes of phone numbers such as +7,+375")
    return ",".join(parts)


_POLICY_READ: Final[dict[Any, Callable[[str], Any]]] = {bool: _flag, int: _number, str: _prefixes}
POLICY: Final = {f"KUNAK_{one.name.upper()}": one for one in fields(Policy)}
# Read elsewhere: by the tests and the scripts round the house.
OTHERS: Final = {"KUNAK_SCHEMA"}


def _policy(environment: Mapping[str, str], faults: list[str]) -> Policy:
    values: dict[str, Any] = {}
    for variable, one in POLICY.items():
        text = environment.get(variable, "")
        if text:
            try:
                values[one.name] = _POLICY_READ[one.type](text)
            except ValueError as error:
                faults.append(f"{variable} {error}")
    return Policy(**values)


def listed() -> list[tuple[str, str, str]]:
    """Every setting with what it says and its default, for docs/settings.md."""
    rows = [
        (one.metadata["variable"], one.metadata["tells"], _shown(one.default))
        for one in fields(Settings)
        if "variable" in one.metadata
    ]
    return rows + [(variable, "", _shown(one.default)) for variable, one in POLICY.items()]


def _shown(value: Any) -> str:
    if value is None or value is MISSING or value == ():
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
