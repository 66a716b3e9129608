"""What invented guests buy where: services with believable lines and prices in roubles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """A counter of a partner: the outlet, the service and channel, and (line, lowest, highest price) to choose from."""

    partner: str
    outlet: str
    service: str
    channel: str
    goods: tuple[tuple[str, int, int], ...]
    weight: int


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

PLACES: Final = (
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
BY_OUTLET: Final[Mapping[str, Place]] = {place.outlet: place for place in PLACES}
# Where the last receipt of the year is written, which brings the sum to the kopeck: it counts in every tier.
CLOSING: Final = BY_OUTLET["igora-restaurant"]
