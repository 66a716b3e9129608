"""The demo of «Знак Качества»: guests of hotels and restaurants with a plastic past."""

from datetime import date
from typing import Final

from api.demo.scene import ROUBLE, Person, Place, Scene, Table, Told

_STAY: Final = (("Стандартный номер, сутки", 6_900, 12_400), ("Семейный номер, сутки", 11_800, 19_500))
_DINNER: Final = (
    ("Ужин", 1_900, 5_800),
    ("Завтрак", 650, 1_450),
    ("Кофе и десерт", 480, 1_250),
    ("Уха по-карельски", 520, 890),
    ("Напитки", 390, 2_600),
)
_SKI: Final = (
    ("Ски-пасс на день", 2_100, 4_300),
    ("Прокат комплекта", 1_500, 2_700),
    ("Инструктор, час", 2_400, 3_900),
)
_SPA: Final = (("СПА-комплекс, 3 часа", 2_600, 4_900), ("Массаж", 3_400, 6_800))
_ICE: Final = (("Массовое катание", 450, 900), ("Прокат коньков", 300, 500), ("Аренда льда, час", 9_800, 14_500))
_WEB: Final = (("Сертификат на отдых", 3_000, 15_000), ("Пакет «Выходные»", 12_500, 26_000))
_MEAT: Final = (
    ("Стейк рибай", 2_900, 4_700),
    ("Бургер", 890, 1_350),
    ("Вино, бокал", 690, 1_250),
    ("Тартар", 950, 1_390),
)
_SHOW: Final = (("Билет на шоу, партер", 3_800, 9_500), ("Ужин на шоу", 2_700, 5_600))

_PLACES: Final = (
    Place("igora", "igora-booking", "stay", "CABINET", _STAY, 16),
    Place("igora", "igora-desk", "stay", "DESK", _STAY, 5),
    Place("igora", "igora-restaurant", "restaurants", "TILL", _DINNER, 18),
    Place("igora", "igora-web-shop", "web-shop", "SHOP", _WEB, 7),
    Place("igora", "igora-ski-rental", "ski", "TILL", _SKI, 9),
    Place("igora", "igora-spa", "spa", "TILL", _SPA, 7),
    Place("igora", "igora-ice-palace", "ice-palace", "TILL", _ICE, 6),
    Place("dacha-vintera", "dacha-vintera-booking", "stay", "CABINET", _STAY, 10),
    Place("dacha-vintera", "dacha-vintera-desk", "stay", "PHONE", _STAY, 3),
    Place("dacha-vintera", "dacha-vintera-restaurant", "restaurant", "TILL", _DINNER, 9),
    Place("tochka-na-karte", "tochka-priozersk", "all", "TILL", _STAY, 6),
    Place("tochka-na-karte", "tochka-sortavala", "all", "TILL", _STAY, 4),
    Place("terra-nordika", "terra-nordika", "all", "TILL", _STAY, 4),
    Place("favorit", "favorit", "all", "TILL", _STAY, 4),
    Place("leningrad-center", "leningrad-center", "all", "TILL", _SHOW, 5),
    Place("myasnoy-blok", "myasnoy-blok", "all", "TILL", _MEAT, 9),
)

_PEOPLE: Final = (
    # The one of the published screen: 10 726 ₽ bought and 541 ₽ saved.
    ("Петров", "Пётр", "Петрович", date(1990, 1, 1), "petr", 10_726, "100417"),
    ("Соколова", "Анна", "Сергеевна", date(1987, 5, 14), "anna", 99_482, None),
    ("Ильин", "Роман", "Андреевич", date(1995, 9, 2), "roman", 4_310, None),
    ("Громова", "Вера", None, date(2001, 12, 30), "vera", 31_250, None),
    ("Лаптев", "Егор", "Ильич", date(1979, 3, 8), "egor", 62_118, None),
    ("Зимина", "Дарья", "Олеговна", date(1998, 7, 21), "darya", 0, None),
    ("Белов", "Максим", "Игоревич", date(1983, 11, 5), "maxim", 499_350, "100733"),
    ("Орлова", "Елена", "Викторовна", date(1975, 2, 17), "elena", 118_400, None),
    ("Фёдоров", "Артём", "Павлович", date(1992, 6, 9), "artem", 203_775, None),
    ("Кузьмина", "Ольга", "Николаевна", date(1969, 10, 24), "olga", 340_020, None),
    ("Чернов", "Денис", None, date(1988, 8, 13), "denis", 411_960, None),
    ("Щукина", "Юлия", "Романовна", date(1994, 4, 3), "yulia", 156_230, None),
    ("Морозов", "Сергей", "Алексеевич", date(1972, 1, 29), "sergey", 999_215, "200158"),
    ("Виноградова", "Мария", "Денисовна", date(1981, 9, 16), "maria", 560_480, None),
    ("Ершов", "Кирилл", "Юрьевич", date(1985, 12, 11), "kirill", 640_900, None),
    ("Полякова", "Ирина", "Петровна", date(1966, 5, 27), "irina", 722_340, None),
    ("Тарасов", "Глеб", "Максимович", date(1990, 3, 19), "gleb", 890_115, None),
    ("Авдеева", "Софья", "Кирилловна", date(1997, 8, 6), "sofya", 505_670, None),
    ("Громов", "Николай", "Степанович", date(1961, 7, 4), "nikolay", 1_004_250, "200201"),
    ("Панова", "Людмила", "Борисовна", date(1964, 11, 22), "lyudmila", 1_251_800, None),
    ("Самойлов", "Вадим", "Евгеньевич", date(1977, 2, 2), "vadim", 1_630_440, None),
    ("Ежова", "Татьяна", "Львовна", date(1970, 6, 15), "tatyana", 1_080_990, None),
    ("Якушев", "Олег", "Ярославович", date(1968, 10, 10), "oleg", 2_115_300, None),
    # They have no year: the restaurants' cloud tells what they have eaten.
    ("Лукина", "Варвара", "Ильинична", date(1993, 2, 7), "varvara", 0, None),
    ("Савин", "Тимофей", None, date(1986, 10, 21), "timofey", 0, None),
)


# The first ones have still to prove their phones, as everybody does who has just joined.
UNPROVED: Final = 2


def _people() -> tuple[Person, ...]:
    """Their addresses are of a reserved domain and their phones of a range nobody was given."""
    return tuple(
        Person(
            last_name=last_name,
            first_name=first_name,
            patronymic=patronymic,
            birth_date=born,
            login=f"{login}@example.ru",
            phone=f"+7900000{place:04d}",
            accumulated=roubles * ROUBLE,
            plastic=plastic,
            phone_proved=place > UNPROVED,
        )
        for place, (last_name, first_name, patronymic, born, login, roubles, plastic) in enumerate(_PEOPLE, start=1)
    )


SCENE: Final = Scene(
    programme="znak-kachestva",
    # The programme of before first: its receipts and its rates stay in the books of the people who were there.
    versions=(("znak-kachestva-2022.yaml", 400), ("znak-kachestva.yaml", 365)),
    people=_people(),
    places=_PLACES,
    # Where the last receipt of the year is written, which brings the sum to the kopeck: it counts in every tier.
    closing=_PLACES[2],
    closing_lines=("Банкет", "Ужин"),
    system_outlets=("igora-booking", "igora-web-shop", "dacha-vintera-booking"),
    sites=("igora", "dacha-vintera"),
    tables=(
        Table("igora-restaurant", "varvara@example.ru"),
        Table("dacha-vintera-restaurant", "timofey@example.ru"),
    ),
    shown_tills=("igora-desk", "igora-ski-rental", "igora-booking", "dacha-vintera-desk", "dacha-vintera-booking"),
    promo_codes=(("winter", "ЗИМА2026"),),
    shown_logins=("anna@example.ru",),  # one purchase short of the second tier
    # 10 820.00 under the «Белая карта» at 5 %, then 447.00 at 0 %: 10 726.00 bought and 541.00 saved.
    first_story=(Told(1, 10_820, 372, "Банкет"), Told(0, 447, 40, "Завтрак")),
)
