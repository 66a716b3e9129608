"""Invented people. Their addresses are of a reserved domain and their phones of a range nobody was given."""

from dataclasses import dataclass
from datetime import date
from typing import Final

ROUBLE: Final = 100


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who never lived, and the counted sum in kopecks that the year shall end with."""

    last_name: str
    first_name: str
    patronymic: str | None
    birth_date: date
    login: str
    phone: str
    accumulated: int
    plastic: str | None = None


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
)


def people() -> tuple[Person, ...]:
    """Everybody of the demo, in the order of the list."""
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
        )
        for place, (last_name, first_name, patronymic, born, login, roubles, plastic) in enumerate(_PEOPLE, start=1)
    )
