"""Two invented hotels as TravelLine's Content API tells of them. Names of rooms, prices and texts belong to nobody."""

from dataclasses import dataclass
from typing import Any, Final

BREAKFAST: Final = "301"


@dataclass(frozen=True, slots=True)
class Room:
    """A type of room: roubles for a night, how many there are, and who fits in."""

    id: str
    name: str
    about: str
    roubles: int
    count: int
    beds: int
    extra_beds: int = 0
    infants: int = 1
    metres: int = 24
    amenities: tuple[str, ...] = ("Чайник", "Wi-Fi", "Душ")


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate plan: percent of the room's price, whether it may be cancelled for nothing, and for which corporates."""

    id: str
    name: str
    about: str
    percent: int = 100
    is_refundable: bool = True
    has_breakfast: bool = True
    corporates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """A property."""

    id: str
    name: str
    about: str
    city: str
    stars: int
    zone: str
    hue: int
    rooms: tuple[Room, ...]
    rates: tuple[Rate, ...]
    check_in: str = "14:00"
    check_out: str = "12:00"


_IGORA_RATES: Final = (
    Rate("88120", "С завтраком", "<p>Завтрак в ресторане курорта, вход на катальную горку.</p>"),
    Rate("88121", "Невозвратный", "<p>Ниже цена, без отмены.</p>", percent=88, is_refundable=False),
    Rate("88122", "Зимняя встреча", "<p>Для тех, кого позвали.</p>", percent=80, corporates=("9001",)),
)
_DACHA_RATES: Final = (
    Rate("88220", "С завтраком", "<p>Карельский завтрак: калитки, каша, варенье.</p>"),
    Rate("88221", "Без завтрака", "<p>Только проживание.</p>", percent=92, has_breakfast=False),
)
HOUSES: Final = (
    House(
        id="41007",
        name="Отель «Игора»",
        about="<p>Дом у склона: от крыльца до подъёмника пять минут, за окном сосны и озеро.</p>",
        city="Сосново",
        stars=4,
        zone="Europe/Moscow",
        hue=205,
        rooms=(
            Room("70231", "Стандарт", "Тихий номер с видом на лес.", 7_400, 6, beds=2, infants=1, metres=22),
            Room("70232", "Комфорт у склона", "Балкон выходит на трассу.", 9_800, 4, beds=2, extra_beds=1, metres=28),
            Room("70233", "Семейный", "Две комнаты: детская закрывается.", 13_900, 3, beds=3, extra_beds=2, metres=44),
            Room(
                "70234",
                "Коттедж у озера",
                "Отдельный дом с камином.",
                24_500,
                2,
                beds=6,
                extra_beds=2,
                metres=96,
                amenities=("Камин", "Кухня", "Сауна", "Wi-Fi"),
            ),
        ),
        rates=_IGORA_RATES,
    ),
    House(
        id="41019",
        name="Дача Винтера",
        about="<p>Старый сад на берегу Ладоги: деревянный дом, причал, тишина.</p>",
        city="Сортавала",
        stars=4,
        zone="Europe/Moscow",
        hue=145,
        rooms=(
            Room("71101", "Комната в усадьбе", "Высокие окна в сад.", 8_900, 5, beds=2, metres=20),
            Room("71102", "Мансарда", "Под крышей, с окном на залив.", 10_600, 2, beds=2, extra_beds=1, metres=26),
            Room("71103", "Дом у причала", "Две спальни и веранда.", 19_700, 2, beds=4, extra_beds=1, metres=68),
        ),
        rates=_DACHA_RATES,
    ),
)


def property_card(house: House, base_url: str) -> dict[str, Any]:
    """One Property of the Content API."""
    return {
        "id": house.id,
        "name": house.name,
        "description": house.about,
        "currency": "RUB",
        "stars": house.stars,
        "stayUnitKind": "NightRate",
        "images": _images(base_url, house.id, 2),
        "contactInfo": {
            "address": {
                "postalCode": "000000",
                "countryCode": "RUS",
                "cityName": house.city,
                "addressLine": "Лесная улица, 1",
                "latitude": 60.5,
                "longitude": 30.3,
            },
            "phones": [{"phoneNumber": "+78120000000"}],
            "emails": ["hotel@example.ru"],
        },
        "policy": {"checkInTime": house.check_in, "checkOutTime": house.check_out},
        "timeZone": {"id": house.zone},
        "ratePlans": [_rate_plan(rate) for rate in house.rates],
        "roomTypes": [_room_type(room, place, base_url) for place, room in enumerate(house.rooms)],
        "services": [
            {"id": BREAKFAST, "name": "Завтрак", "description": "", "kind": "Meal", "mealPlanCode": "BreakFast"}
        ],
        "multiLocationProperty": False,
    }


def _rate_plan(rate: Rate) -> dict[str, Any]:
    return {
        "id": rate.id,
        "name": rate.name,
        "description": rate.about,
        "currency": "RUB",
        "isStayWithChildrenOnly": False,
        "cancellationRuleId": f"55{rate.id[-2:]}",
        "includedServicesIds": [BREAKFAST] if rate.has_breakfast else [],
        "vat": {"applicable": True, "included": True, "percent": 5},
    }


def _room_type(room: Room, place: int, base_url: str) -> dict[str, Any]:
    return {
        "id": room.id,
        "name": room.name,
        "description": room.about,
        "amenities": [{"code": f"a{number}", "name": name} for number, name in enumerate(room.amenities)],
        "images": _images(base_url, room.id, 1),
        "size": {"value": room.metres, "unit": "SquareMetre"},
        "categoryCode": "room",
        "categoryName": "Номер",
        "occupancy": {"adultBed": room.beds, "extraBed": room.extra_beds, "childWithoutBed": room.infants},
        "placements": [{"kind": "Adult", "count": room.beds}],
        "position": place,
    }


def _images(base_url: str, name: str, count: int) -> list[dict[str, str]]:
    return [{"url": f"{base_url}/pictures/{name}-{number}.png"} for number in range(1, count + 1)]
