"""Sentences about changing one's own data."""

WORDS: dict[str, tuple[str, str]] = {
    "people.birth_given": (
        "Дата рождения уже указана: её указывают один раз.",
        "The date of birth is given already: it is given once.",
    ),
    "email.by_password": (
        "Чтобы сменить адрес, введите пароль от карты.",
        "Enter your password to change the address.",
    ),
    "email.proved_already": (
        "Этот адрес уже ваш.",
        "This address is yours already.",
    ),
    "email.ended": (
        "Просьба о смене адреса уже отменена. Начните заново.",
        "This change of address has been taken back. Begin anew.",
    ),
    "email.link_not_accepted": (
        "Ссылка не подошла или устарела. Откройте её там, где вы вошли в тот же профиль, или запросите новое письмо.",
        "The link is not valid or has expired. Open it where you are signed in to the same profile, or ask for another letter.",
    ),
    "email.code_not_accepted": (
        "Код не подошёл или устарел. Возьмите код из последнего письма или запросите новое.",
        "The code is wrong or has expired. Use the one of the newest letter, or ask for another letter.",
    ),
}
