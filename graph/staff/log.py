"""The log of the staff as administrators read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

import strawberry

from graph.staff.types import Scope
from graph.words import Locale
from loyalty.programme import Programme
from loyalty.texts import Text
from services.audit import OPERATOR, EventFacts

# What was done, in the words of the reader; an action that is not here is shown by its code.
ACTIONS: Final[Mapping[str, Text]] = {
    "staff.add": Text("Сотрудник добавлен из терминала", "Person added from the terminal"),
    "staff.invite": Text("Сотрудник приглашён", "Person invited"),
    "staff.update": Text("Данные сотрудника изменены", "Person changed"),
    "staff.block": Text("Сотрудник заблокирован", "Person blocked"),
    "staff.unblock": Text("Сотрудник разблокирован", "Person unblocked"),
    "staff.reset_access": Text("Вход сотрудника сброшен", "Access reset"),
    "staff.grant": Text("Права изменены", "Rights changed"),
    "staff.enrolled": Text("Пароль и второй фактор заданы", "Password and second factor chosen"),
    "staff.signed_in": Text("Вход по коду", "Signed in by code"),
    "staff.recovered": Text("Вход по резервному коду", "Signed in by recovery code"),
    "staff.password_changed": Text("Пароль изменён", "Password changed"),
    "staff.recovery_codes_made": Text("Резервные коды выпущены заново", "Recovery codes made anew"),
    "grant.request": Text("Права запрошены", "Rights asked for"),
    "grant.decide": Text("Заявка решена", "Request decided"),
    "role.save": Text("Роль сохранена", "Role saved"),
    "till.add": Text("Касса добавлена", "Till added"),
    "till.end": Text("Касса отключена", "Till ended"),
    "operation.export": Text("Операции выгружены", "Operations downloaded"),
    "settlement.export": Text("Взаиморасчёты выгружены", "Settlement downloaded"),
    "settlement.sent": Text("Акт взаиморасчётов отправлен", "Statement of settlement sent"),
    "settlement.confirmed": Text("Акт взаиморасчётов подтверждён", "Statement of settlement confirmed"),
    "settlement.disputed": Text("Акт взаиморасчётов оспорен", "Statement of settlement disputed"),
    "settlement.paid": Text("Акт взаиморасчётов оплачен", "Statement of settlement paid"),
    "signal.note": Text("Заметка к сигналу", "Note on a signal"),
    "signal.dismiss": Text("Сигнал отклонён", "Signal dismissed"),
    "signal.block_card": Text("Карта заблокирована по сигналу", "Card blocked on a signal"),
    "card.unblock": Text("Карта возвращена", "Card given back"),
    "points.grant": Text("Баллы начислены или списаны вручную", "Points given or taken by hand"),
    "points.decide": Text("Баллы вручную: решение второго", "Points by hand: the second person's decision"),
    "tier.grant": Text("Уровень выдан вручную", "Tier given by hand"),
    "tier.withdraw": Text("Выданный уровень отозван", "Given tier withdrawn"),
    "claim.approve": Text("Заявка на чек одобрена", "Claim of a receipt approved"),
    "claim.reject": Text("Заявка на чек отклонена", "Claim of a receipt refused"),
    "payment.try": Text("Платёж или возврат проверен вручную", "Payment or refund looked at by hand"),
    "payment.refund": Text("Деньги возвращены за невыполненное", "Money given back for what was not carried out"),
    "payment.again": Text("Возврат отправлен ещё раз", "Refund sent once more"),
    "payment.by_hand": Text("Деньги возвращены вручную", "Money given back by hand"),
    "payment.close": Text("Платёж закрыт без оплаты", "Payment closed as not paid"),
    "promo.make": Text("Промокоды выпущены", "Promo codes made"),
    "promo.cancel": Text("Промокоды отменены", "Promo codes cancelled"),
    "campaign.backtest": Text("Акция проверена на прошлых чеках", "Campaign tried on past receipts"),
    "webhook.add": Text("Адрес для событий добавлен", "Address for events added"),
    "webhook.change": Text("Адрес для событий изменён", "Address for events changed"),
    "webhook.switch": Text("Адрес для событий включён или выключен", "Address for events switched on or off"),
    "webhook.end": Text("Адрес для событий удалён", "Address for events ended"),
    "webhook.rotate": Text("Секрет адреса заменён", "Secret of an address rotated"),
    "webhook.replay": Text("События отправлены повторно", "Events sent again"),
    "letter.sample": Text("Образец письма отправлен себе", "Sample of a letter sent to oneself"),
    "restaurants.replay": Text("Отложенное из iikoCloud разбирается снова", "What iikoCloud told is looked at anew"),
    "webhook.test": Text("Проверочное событие отправлено", "Test event sent"),
    "guests.import": Text("Начат перенос гостей", "Import of guests begun"),
    "guests.imported": Text("Гости перенесены", "Guests imported"),
    "balances.import": Text("Начат перенос остатков", "Import of balances begun"),
    "balances.imported": Text("Остатки перенесены", "Balances imported"),
    "member.register": Text("Участник зарегистрирован на кассе", "Member registered at a till"),
    "member.change": Text("Данные участника изменены на кассе", "Member's data changed at a till"),
    "member.erase": Text("Данные участника удалены", "Member erased"),
    "member.merge": Text("Профили участника объединены", "Profiles of a member made one"),
    "member.unmerge": Text("Объединение профилей отменено", "Profiles made two again"),
    "member.apart": Text("Профили признаны разными людьми", "Profiles said to be two people"),
    "member.alike": Text("Решение о разных людях отменено", "Profiles may be one person again"),
    "member.reveal": Text("Личные данные показаны", "Personal data revealed"),
}
_OPERATOR: Final = Text("Оператор установки", "Operator of the installation")


@strawberry.enum(description="REFUSED: it was tried and not allowed.")
class AuditOutcome(StrEnum):
    """Whether it happened."""

    DONE = "DONE"
    REFUSED = "REFUSED"


@strawberry.type(description="A fact before and after. Addresses and phones are masked; secrets never stand here.")
class AuditChange:
    """A fact before and after."""

    field: str
    before: str | None
    after: str | None


@strawberry.type(description="What one of the staff did or was refused.")
class AuditEvent:
    """What one of the staff did or was refused."""

    id: UUID
    sequence: str = strawberry.field(description="Its place in the chain.")
    at: datetime
    actor: str
    actor_id: UUID | None
    action: str
    action_name: str = strawberry.field(description="What was done, in the reader's language.")
    right: strawberry.ID | None
    scope: Scope | None
    object_kind: str
    object_id: str | None
    outcome: AuditOutcome
    reason: str | None
    changes: list[AuditChange]
    request_id: str | None
    address: str | None

    @classmethod
    def of(cls, event: EventFacts, programme: Programme, locale: Locale) -> Self:
        """An event as a reader sees it."""
        names = sorted({*event.before, *event.after})
        known = ACTIONS.get(event.action)
        by_operator = event.actor_id is None and event.actor == OPERATOR
        return cls(
            id=event.id,
            sequence=str(event.sequence),
            at=event.at,
            actor=_OPERATOR.in_locale(locale) if by_operator else event.actor,
            actor_id=event.actor_id,
            action=event.action,
            action_name=event.action if known is None else known.in_locale(locale),
            right=None if event.right is None else strawberry.ID(event.right),
            scope=None if event.scope is None else Scope.of(event.scope, programme, locale),
            object_kind=event.object_kind,
            object_id=event.object_id,
            outcome=AuditOutcome(event.outcome),
            reason=event.reason,
            changes=[
                AuditChange(field=name, before=_told(event.before.get(name)), after=_told(event.after.get(name)))
                for name in names
            ],
            request_id=event.request_id,
            address=event.address,
        )


@strawberry.type(description="A page of the log, newest first.")
class AuditPage:
    """A page of the log."""

    items: list[AuditEvent]
    next: str | None


def _told(value: Any) -> str | None:
    if value is None:
        return None
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
