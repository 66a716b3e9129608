"""The vendor's page of payment, on which nothing is paid."""

from decimal import Decimal
from html import escape
from typing import Final

_PAGE: Final = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Учебная оплата</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 1.125rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 28rem; padding: 2rem 1rem; }}
button {{ display: block; font: inherit; width: 100%; min-height: 3rem; margin-top: 1rem; border-radius: .5rem; }}
</style>
</head>
<body>
<main>
<h1>Учебная оплата</h1>
{body}
</main>
</body>
</html>
"""
_OPEN: Final = """<p>{what}</p>
<p><strong>{sum} ₽</strong>. Деньги не списываются.</p>
<form method="post">
<button name="how" value="pay">Оплатить</button>
<button name="how" value="decline">Не хватает денег</button>
</form>"""


def open_page(description: str, amount: Decimal) -> str:
    """A payment that waits."""
    told = f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",")
    return _PAGE.format(body=_OPEN.format(what=escape(description), sum=told))


def ended_page(text: str) -> str:
    """A payment that does not wait any more, or that is none."""
    return _PAGE.format(body=f"<p>{escape(text)}</p>")
