"""Personal data as those see it who need not know it: enough to recognise, too little to use."""

from typing import Final

_SHOWN_DIGITS: Final = 2


def masked_email(address: str) -> str:
    """`petr@petrov.ru` as `p•••@p•••.ru`."""
    local, _, domain = address.rpartition("@")
    name, _, top = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••.{top}"


def masked_phone(phone: str) -> str:
    """`+79211234567` as `•••67`: the end is what people compare."""
    return f"•••{phone[-_SHOWN_DIGITS:]}"


def initial(name: str) -> str:
    """`Петров` as `П.`."""
    return f"{name[:1]}."
