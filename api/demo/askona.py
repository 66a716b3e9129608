"""The demo of «Аскона»: guests of 900 shops in eleven time zones and of two web shops, some of them from abroad."""

from datetime import date
from typing import Final

from api.demo.scene import ROUBLE, Household, Person, Place, Scene, TenderShare

_PARTNER: Final = "askona"
_GOODS: Final = (
    (
        "mattresses",
        (
            ("Матрас «Ладога», 160×200", 24_900, 48_900),
            ("Матрас «Сосна», 90×200", 11_900, 19_900),
            ("Топпер", 6_900, 12_900),
        ),
        5,
    ),
    ("beds", (("Кровать с подъёмным механизмом", 31_900, 64_900), ("Основание, 160×200", 7_900, 12_900)), 3),
    ("sofas", (("Диван-кровать", 39_900, 79_900), ("Кресло", 17_900, 29_900)), 1),
    (
        "pillows",
        (("Подушка с эффектом памяти", 3_900, 7_900), ("Подушка пуховая", 2_900, 5_900), ("Наволочка", 690, 1_490)),
        6,
    ),
    ("blankets", (("Одеяло всесезонное", 3_900, 9_900), ("Плед", 1_900, 4_900)), 4),
    ("textile", (("Комплект белья, сатин", 3_900, 8_900), ("Простыня на резинке", 1_490, 2_990)), 5),
    ("protectors", (("Чехол защитный", 1_900, 4_900), ("Наматрасник", 2_900, 6_900)), 3),
    ("delivery", (("Доставка до двери", 590, 1_490), ("Сборка кровати", 1_900, 2_900)), 2),
)
_OUTLETS: Final = (
    ("moscow-001", "TILL", 5),
    ("saint-petersburg-01", "TILL", 4),
    ("kaliningrad-01", "TILL", 1),
    ("samara-01", "TILL", 1),
    ("yekaterinburg-01", "TILL", 2),
    ("omsk-01", "TILL", 1),
    ("novosibirsk-01", "TILL", 2),
    ("irkutsk-01", "TILL", 1),
    ("yakutsk-01", "TILL", 1),
    ("vladivostok-01", "TILL", 2),
    ("magadan-01", "TILL", 1),
    ("petropavlovsk-kamchatsky-01", "TILL", 1),
    ("web-shop", "SHOP", 8),
    ("web-outlet", "SHOP", 4),
)
_HOTELS: Final = (
    ("stay", (("Номер, две ночи", 6_900, 12_900), ("Номер, одна ночь", 3_500, 6_900)), 4),
    ("breakfast", (("Завтрак", 590, 990), ("Завтрак в номер", 890, 1_490)), 3),
)
_SOLD: Final = tuple(
    Place(_PARTNER, outlet, service, channel, goods, often * share)
    for outlet, channel, often in _OUTLETS
    for service, goods, share in _GOODS
)
_PLACES: Final = (
    *_SOLD,
    *(
        Place("sonata", outlet, service, "TILL", goods, 60 * share)
        for outlet in ("sonata-samara", "sonata-kazan")
        for service, goods, share in _HOTELS
    ),
)
# Addresses of reserved domains; phones of ranges nobody was given, or of nobody in their country.
_PEOPLE: Final = (
    ("Алексеева", "Нина", "Павловна", date(1988, 3, 12), "nina@example.ru", "+79000000101", 64_300, "ru"),
    ("Борисов", "Тимур", "Олегович", date(1991, 7, 2), "timur@example.ru", "+79000000102", 128_750, "ru"),
    ("Власова", "Ксения", None, date(1996, 11, 19), "ksenia@example.ru", "+79000000103", 18_400, "ru"),
    ("Гусев", "Андрей", "Викторович", date(1974, 5, 8), "andrey@example.ru", "+79000000104", 241_900, "ru"),
    ("Дёмина", "Алла", "Сергеевна", date(1969, 1, 30), "alla@example.ru", "+79000000105", 92_180, "ru"),
    ("Жуков", "Пётр", "Ильич", date(2000, 9, 21), "petr@example.ru", "+79000000106", 0, "ru"),
    ("Крылова", "Зоя", "Андреевна", date(1983, 12, 3), "zoya@example.ru", "+79000000107", 55_620, "ru"),
    ("Лосев", "Илья", "Романович", date(1979, 6, 17), "ilya@example.ru", "+79000000108", 310_450, "ru"),
    ("Носова", "Рита", None, date(1993, 2, 25), "rita@example.ru", "+79000000109", 37_990, "ru"),
    ("Осипов", "Борис", "Маркович", date(1958, 10, 9), "boris@example.ru", "+79000000110", 176_300, "ru"),
    ("Santos", "Maria", None, date(1990, 4, 14), "maria@example.com", "+351910000001", 71_200, "en"),
    ("Keller", "Jonas", None, date(1985, 8, 23), "jonas@example.com", "+4915100000001", 43_870, "en"),
    ("Georgiou", "Eleni", None, date(1997, 1, 6), "eleni@example.com", "+35799000001", 24_150, "en"),
    ("Wei", "Chen", None, date(1987, 9, 28), "chen@example.com", "+8613800000001", 158_600, "en"),
)


def _people() -> tuple[Person, ...]:
    return tuple(
        Person(last, first, patronymic, born, login, phone, roubles * ROUBLE, None, locale)
        for last, first, patronymic, born, login, phone, roubles, locale in _PEOPLE
    )


SCENE: Final = Scene(
    programme="askona",
    versions=(("askona.yaml", 400),),
    people=_people(),
    places=_PLACES,
    closing=next(place for place in _PLACES if (place.outlet, place.service) == ("web-shop", "pillows")),
    closing_lines=("Матрас «Ладога», 180×200", "Подушка с эффектом памяти"),
    system_outlets=("web-shop", "web-outlet"),
    shown_tills=("moscow-001", "vladivostok-01", "web-shop"),
    promo_codes=(("sleep", "СОН2026"),),
    households=(
        Household("zoya@example.ru", "timur@example.ru", "rita@example.ru"),
        Household("chen@example.com", "jonas@example.com"),
    ),
    shown_logins=("nina@example.ru", "ilya@example.ru", "maria@example.com"),
    tenders=(
        TenderShare("INSTALMENT", 30, roubles_from=25_000),
        TenderShare("MOBILE_TERMINAL", 20),
        TenderShare("GIFT_CARD", 5),
        TenderShare("CASH", 10),
        TenderShare("CARD", 100),
    ),
    spending=frozenset({"sonata", "askona"}),
)
