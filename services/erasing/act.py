"""The act of an erasure: the text that the programme prints to prove it, in Russian and English, made of its record."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from loyalty.programme import Programme
from loyalty.texts import Text
from services.erasing.rows import ErasureFacts

WHAT: Final[Mapping[str, Text]] = {
    "member": Text("фамилия, имя, отчество, дата рождения", "names and birth date"),
    "contact": Text("адрес почты и телефон", "e-mail address and phone"),
    "credential": Text("пароль (его дайджест)", "password (its digest)"),
    "mail_token": Text("ссылки из писем (их дайджесты)", "links of letters (their digests)"),
    "mail_code": Text("код из письма (его дайджест)", "code of a letter (its digest)"),
    "email_change": Text(
        "смены адреса почты: новый и прежний адрес", "changes of e-mail: the new and the former address"
    ),
    "one_time_code": Text("одноразовые коды и их адреса", "one-time codes and their addresses"),
    "session": Text("сеансы: сетевые адреса и браузеры", "sessions: network addresses and browsers"),
    "site_grant": Text("разрешения сайтам партнёров", "permissions of partners' sites"),
    "qr_credential": Text("ключи меняющегося кода и названия устройств", "keys of the rotating code, names of devices"),
    "channel_preference": Text("настройки сообщений", "preferences of messages"),
    "member_identity": Text("номера в других системах", "ids in other systems"),
    "restaurant_guest": Text("связь с гостем системы ресторана", "link to a guest of the restaurants' system"),
    "consent": Text("сетевой адрес и браузер согласий", "network address and browser of consents"),
    "message": Text("тексты сообщений", "texts of messages"),
    "delivery_attempt": Text("адреса доставки", "addresses of deliveries"),
    "booking": Text("пожелания и ссылки оплаты бронирований", "remarks and payment links of bookings"),
    "points_grant": Text(
        "причины начислений вручную (в журнале сотрудников остаются)",
        "reasons of points moved by hand (the staff's log keeps them)",
    ),
    "dismissed_pair": Text("причины, по которым похожие профили разные", "reasons why profiles alike are two people's"),
    "payment": Text("адреса чеков и ссылки оплаты", "addresses of receipts and links of payments"),
    "card": Text("номера прежних карт; карты в архиве", "numbers of former cards; cards archived"),
    "stopped_address": Text("отказы от сообщений по адресу", "addresses that had stopped messages"),
    "sandbox_message": Text("сообщения песочницы", "messages of the sandbox"),
    "opening": Text("невостребованные остатки по телефону или почте", "unclaimed balances by phone or e-mail"),
    "restaurant_order": Text("непринятые заказы ресторана", "orders of restaurants put aside"),
    "job": Text("сообщения об ошибках отправки", "errors of sending"),
}
_BASIS: Final[Mapping[str, Text]] = {
    "MEMBER": Text("требование участника в личном кабинете", "the member's own demand in the cabinet"),
    "STAFF": Text("решение сотрудника программы", "the decision of one of the staff"),
    "OPERATOR": Text("решение оператора установки", "the decision of the operator of the installation"),
}
_LINES: Final = (
    Text("АКТ № {id}", "ACT {id}"),
    Text("об уничтожении персональных данных", "of the erasure of personal data"),
    Text("", ""),
    Text("Программа: {programme}", "Programme: {programme}"),
    Text("Субъект (псевдоним): {member}, карта {number}", "Subject (pseudonym): {member}, card {number}"),
    Text("Когда: {at} ({zone})", "When: {at} ({zone})"),
    Text("Основание: {basis}", "Basis: {basis}"),
    Text("", ""),
    Text("Уничтожено:", "Erased:"),
    Text("{what}", "{what}"),
    Text("", ""),
    Text(
        "Способ: строки удалены, значения заменены в базе данных одной транзакцией; записанное вслед за ней удаляет "
        "повторный проход. Резервные копии хранятся в зашифрованном виде до конца своего срока; после восстановления из "
        "копии удаление повторяется по списку.",
        "How: rows deleted and values replaced in the database by one transaction; what is written behind it goes by a "
        "second pass. Backups are encrypted and end with their term; after a restore the erasure is repeated by its list.",
    ),
    Text(
        "Осталось под псевдонимом, без персональных данных: покупки, возвраты, движения баллов, бронирования, факт и "
        "дата согласий.",
        "What stays under the pseudonym, without personal data: purchases, returns, movements of points, bookings, that "
        "and when was consented.",
    ),
    Text("Списано баллов: {forfeited}", "Points written off: {forfeited}"),
    Text("Выгрузка из журнала событий: запись {id}, {at}.", "Extract of the log of events: record {id}, {at}."),
)


def text_of(facts: ErasureFacts, programme: Programme, locale: str) -> str:
    """The act as plain text, ready to be printed."""
    basis = _BASIS[facts.asked_by].in_locale(locale)
    what = [
        f"— {WHAT[table].in_locale(locale) if table in WHAT else table}: {rows}" for table, rows in facts.wiped.items()
    ]
    places = {
        "id": str(facts.id),
        "programme": programme.name.in_locale(locale),
        "member": str(facts.member),
        "number": facts.number,
        "at": facts.at.astimezone(ZoneInfo(programme.time_zone)).strftime("%Y-%m-%d %H:%M:%S"),
        "zone": programme.time_zone,
        "basis": basis if facts.reason is None else f"{basis}: {facts.reason}",
        "what": "\n".join(what),
        "forfeited": str(facts.forfeited),
    }
    return "\n".join(line.in_locale(locale).format_map(places) for line in _LINES) + "\n"
