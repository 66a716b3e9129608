"""Tables and their queries. Nothing here decides anything."""

from models.bookings import Booking, BookingEvent, Hotel, HotelPicture
from models.cards import Card, QrCredential, ScanTicket
from models.claims import GuestlessReceipt, PurchaseClaim
from models.control import ControlProgress, FraudSignal, SignalNote
from models.erasures import Erasure
from models.families import Family, FamilyInvite, FamilySeat
from models.instalments import Instalment, InstalmentLine, InstalmentWord
from models.ledger import Account, Balance, Entry, LedgerTransaction, MemberStanding, TierGrant, TierPeriod
from models.members import Consent, Contact, Credential, EmailChange, MailCode, MailToken, Member
from models.merges import DismissedPair, MergeCase
from models.messages import (
    ChannelPreference,
    DeliveryAttempt,
    DeliveryReport,
    Message,
    OneTimeCode,
    StoppedAddress,
)
from models.nightly import NightlyRun, NightlyStep
from models.openings import ImportRun, MemberIdentity, Opening
from models.outbox import CardActivity, Job, LimitCounter, OnceAnswer
from models.payments import Payment, PaymentEvent, PaymentRefund
from models.points import MemberPoints, PointsGrant, PointsHold, PointsHoldLot, PointsLot, PointsLotMove
from models.pos import DeferredScan, MenuGroup, MenuService, Plugin, PosOrder, PosRefund
from models.programmes import ProgrammeVersion
from models.promotions import (
    CampaignBacktest,
    CampaignBudget,
    CampaignChange,
    CampaignHold,
    CampaignTotal,
    CampaignUse,
    Coupon,
    CouponBatch,
    DiscountApplication,
    PurchasePromotion,
)
from models.purchases import Purchase, PurchaseLine, Quote, Refund, RefundLine, Tender
from models.restaurants import (
    Restaurant,
    RestaurantCheck,
    RestaurantDifference,
    RestaurantDish,
    RestaurantEvent,
    RestaurantGuest,
    RestaurantOrder,
    RestaurantPlace,
)
from models.sandbox import SandboxClock, SandboxMessage
from models.sessions import Session, TillSession
from models.settlement import SettlementLine, SettlementPeriod, SettlementStep, SettlementSum
from models.shop import ShopOrder, ShopReturn, ShopVoucher
from models.sites import SiteGrant
from models.staff import (
    AuditEvent,
    GrantRequest,
    Staff,
    StaffGrant,
    StaffLink,
    StaffRecoveryCode,
    StaffRole,
    StaffSession,
    StaffStep,
)
from models.status import GatewayAccount, SystemCalls
from models.tills import Till
from models.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "Account",
    "AuditEvent",
    "Balance",
    "Booking",
    "BookingEvent",
    "CampaignBacktest",
    "CampaignBudget",
    "CampaignChange",
    "CampaignHold",
    "CampaignTotal",
    "CampaignUse",
    "Card",
    "CardActivity",
    "ChannelPreference",
    "Consent",
    "Contact",
    "ControlProgress",
    "Coupon",
    "CouponBatch",
    "Credential",
    "DeferredScan",
    "DeliveryAttempt",
    "DeliveryReport",
    "DiscountApplication",
    "DismissedPair",
    "EmailChange",
    "Entry",
    "Erasure",
    "Family",
    "FamilyInvite",
    "FamilySeat",
    "FraudSignal",
    "GatewayAccount",
    "GrantRequest",
    "GuestlessReceipt",
    "Hotel",
    "HotelPicture",
    "ImportRun",
    "Instalment",
    "InstalmentLine",
    "InstalmentWord",
    "Job",
    "LedgerTransaction",
    "LimitCounter",
    "MailCode",
    "MailToken",
    "Member",
    "MemberIdentity",
    "MemberPoints",
    "MemberStanding",
    "MenuGroup",
    "MenuService",
    "MergeCase",
    "Message",
    "NightlyRun",
    "NightlyStep",
    "OnceAnswer",
    "OneTimeCode",
    "Opening",
    "Payment",
    "PaymentEvent",
    "PaymentRefund",
    "Plugin",
    "PointsGrant",
    "PointsHold",
    "PointsHoldLot",
    "PointsLot",
    "PointsLotMove",
    "PosOrder",
    "PosRefund",
    "ProgrammeVersion",
    "Purchase",
    "PurchaseClaim",
    "PurchaseLine",
    "PurchasePromotion",
    "QrCredential",
    "Quote",
    "Refund",
    "RefundLine",
    "Restaurant",
    "RestaurantCheck",
    "RestaurantDifference",
    "RestaurantDish",
    "RestaurantEvent",
    "RestaurantGuest",
    "RestaurantOrder",
    "RestaurantPlace",
    "SandboxClock",
    "SandboxMessage",
    "ScanTicket",
    "Session",
    "SettlementLine",
    "SettlementPeriod",
    "SettlementStep",
    "SettlementSum",
    "ShopOrder",
    "ShopReturn",
    "ShopVoucher",
    "SignalNote",
    "SiteGrant",
    "Staff",
    "StaffGrant",
    "StaffLink",
    "StaffRecoveryCode",
    "StaffRole",
    "StaffSession",
    "StaffStep",
    "StoppedAddress",
    "SystemCalls",
    "Tender",
    "TierGrant",
    "TierPeriod",
    "Till",
    "TillSession",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
