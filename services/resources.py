"""What use cases are given besides their arguments: keys, limits, the bus, and the numbers of the policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from integrations.bookings import BookingEngine
from integrations.payments import PaymentGateway
from integrations.ports import Limits
from integrations.restaurants import RestaurantCloud
from loyalty.messages import Channel
from loyalty.tariffs import Tariff
from services.bus import Bus
from services.keyring import Keyring
from services.passwords import Hasher
from services.status.contacts import Contacts

__all__ = ["Policy", "Resources"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every number that holds back abuse. Each may be set by the environment as KUNAK_<NAME>."""

    link_hours: int = 24
    code_minutes: int = 30
    code_tries: int = 5
    code_tries_per_address_day: int = 20
    code_tries_per_ip_hour: int = 60
    resend_seconds: int = 60
    letters_per_address_day: int = 10
    joins_per_ip_hour: int = 30
    joins_per_till_hour: int = 30
    joins_per_system_hour: int = 3_000
    code_tries_per_till_hour: int = 60
    code_tries_per_system_hour: int = 6_000
    pending_days: int = 30
    merge_undo_days: int = 30
    profile_changes_per_member_day: int = 10

    code_seconds: int = 300
    code_wait_seconds: int = 60
    codes_per_number_day: int = 5
    codes_per_ip_hour: int = 20
    sms_prefixes: str = "+7"
    sms_per_block_hour: int = 30
    sms_per_hour: int = 1000
    notice_wait_seconds: int = 600
    advert_wait_seconds: int = 7200
    adverts_per_member_day: int = 1
    balance_alarm: int = 100_000
    messages_per_day_kopecks: int = 0
    idle_days: int = 90

    sign_in_burst: int = 5
    sign_in_burst_seconds: int = 300
    sign_in_per_account_hour: int = 10
    sign_in_in_a_row: int = 100
    sign_in_per_ip_minute: int = 30
    sign_in_global_hour: int = 1000
    reset_minutes: int = 30
    reset_per_ip_hour: int = 30

    scan_wrong_before_wait: int = 5
    scan_wait_seconds: int = 60
    scan_wait_seconds_max: int = 3600
    scan_wrong_per_till_hour: int = 30
    scan_wrong_per_card_day: int = 20
    tickets_per_member_hour: int = 30
    deferred_per_member_day: int = 20
    claim_days: int = 3
    claims_per_member_month: int = 5
    instalment_days: int = 30
    phones_per_till_hour: int = 120
    phones_unknown_per_till_hour: int = 30
    phones_per_system_hour: int = 10_000
    phones_unknown_per_system_hour: int = 1_000
    phones_per_number_day: int = 20

    promo_wrong_per_till_hour: int = 30
    promo_wrong_per_member_hour: int = 10

    pair_per_ip_minute: int = 10
    requests_per_till_minute: int = 60_000
    requests_per_system_minute: int = 6_000
    till_session_days: int = 365

    booking_searches_per_member_hour: int = 120
    booking_starts_per_member_hour: int = 30

    shop_orders_per_member_hour: int = 30

    site_codes_per_member_hour: int = 60
    site_codes_per_ip_minute: int = 60

    sockets_per_caller: int = 50
    staff_link_hours: int = 72

    loopback_exempt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """The long-lived things of a process, opened once by an entry point and passed down."""

    keyring: Keyring
    hasher: Hasher
    limits: Limits
    bus: Bus
    contacts: Contacts
    """What becomes of calls of outside systems."""
    base_url: str
    routes: Mapping[Channel, tuple[str, ...]] = field(default_factory=dict)
    """The gateways of each channel, in the order in which they are asked."""
    tariff: Tariff = field(default_factory=Tariff)
    """What a part of a text costs by which gateway."""
    channels: frozenset[Channel] = frozenset({Channel.EMAIL})
    """The channels that some gateway carries."""
    policy: Policy = field(default_factory=Policy)
    webhook_networks: tuple[str, ...] = ()
    """Networks besides the public ones to which webhooks may go, also without encryption."""
    hotels: BookingEngine | None = None
    """Where rooms are booked; None where no booking engine is connected."""
    payments: PaymentGateway | None = None
    """Who takes money for us; None where no acquirer is connected."""
    trial_origins: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """origin → the partners whose widget may stand there besides those of the programme: a site on trial."""
    restaurants: RestaurantCloud | None = None
    """The cloud that tells of restaurants' orders; None where none is connected."""
    tells_guests: bool = False
    """Whether members who agreed to it are told to that cloud."""
