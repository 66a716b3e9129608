"""The words of the letters to the staff, in Russian and English."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.letter_words import Words


class Kind(StrEnum):
    """What a letter to one of the staff is about."""

    INVITATION = "INVITATION"
    ACCESS_RESET = "ACCESS_RESET"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - the name of a letter
    WEBHOOK_DISABLED = "WEBHOOK_DISABLED"


WITH_LINK: Final = frozenset({Kind.INVITATION, Kind.ACCESS_RESET})
WORDS: Final[Mapping[Kind, Mapping[str, Words]]] = {
    Kind.INVITATION: {
        "ru": Words(
            "Приглашение в панель программы",
            (
                "Здравствуйте, {name}.",
                "Вас приглашают работать в панели программы «{programme}».",
                "По ссылке вы зададите пароль и подключите приложение, которое показывает шесть цифр для входа.",
            ),
            "Принять приглашение",
            "{link}",
            (
                "Ссылка действует {link_hours} ч и только один раз.",
                "Если вы не ждали приглашения, ничего делать не нужно.",
            ),
        ),
        "en": Words(
            "An invitation to the programme's panel",
            (
                "Hello {name},",
                "You are invited to work in the panel of {programme}.",
                "The link lets you choose a password and set up an app that shows six digits for signing in.",
            ),
            "Accept the invitation",
            "{link}",
            ("The link works once, for {link_hours} hours.", "If you expected no invitation, there is nothing to do."),
        ),
    },
    Kind.ACCESS_RESET: {
        "ru": Words(
            "Вход в панель нужно настроить заново",
            (
                "Здравствуйте, {name}.",
                "Администратор сбросил ваш вход в панель программы «{programme}»: прежние пароль и код больше не подходят.",
                "По ссылке вы зададите новый пароль и заново подключите приложение с кодами.",
            ),
            "Настроить вход",
            "{link}",
            (
                "Ссылка действует {link_hours} ч и только один раз.",
                "Если вы не просили об этом, расскажите администратору программы.",
            ),
        ),
        "en": Words(
            "Set up your way into the panel again",
            (
                "Hello {name},",
                "An administrator has reset your access to the panel of {programme}: the old password and code are void.",
                "The link lets you choose a new password and set up the app with codes anew.",
            ),
            "Set up access",
            "{link}",
            (
                "The link works once, for {link_hours} hours.",
                "If you did not ask for this, tell the programme's administrator.",
            ),
        ),
    },
    Kind.PASSWORD_CHANGED: {
        "ru": Words(
            "Пароль от панели изменён",
            (
                "Здравствуйте, {name}.",
                "Ваш пароль от панели программы «{programme}» только что изменён. На других устройствах нужно войти заново.",
                "Если это были не вы, сразу расскажите администратору программы: он закроет доступ.",
            ),
            "Открыть панель",
            "{base}/admin/sign-in",
            (),
        ),
        "en": Words(
            "Your panel password was changed",
            (
                "Hello {name},",
                "Your password for the panel of {programme} has just been changed. Other devices have to sign in anew.",
                "If it was not you, tell the programme's administrator at once: they will close the access.",
            ),
            "Open the panel",
            "{base}/admin/sign-in",
            (),
        ),
    },
    Kind.WEBHOOK_DISABLED: {
        "ru": Words(
            "Адрес вебхуков отключён",
            (
                "Здравствуйте, {name}.",
                "Один из адресов, на которые «{programme}» сообщает партнёру о покупках, не отвечал несколько дней.",
                "Мы перестали отправлять туда события.",
                "События не потеряны: исправьте адрес и включите его снова, и всё ожидающее уйдёт.",
            ),
            "Открыть вебхуки",
            "{base}/admin/webhooks",
            ("Если адрес попросил больше не писать, он отключается сразу.", "События хранятся тридцать дней."),
        ),
        "en": Words(
            "A webhook address was disabled",
            (
                "Hello {name},",
                "One of the addresses at which {programme} tells a partner of purchases has not answered for days.",
                "We have stopped sending events there.",
                "No event is lost: mend the address and turn it on again, and all that waits will leave.",
            ),
            "Open webhooks",
            "{base}/admin/webhooks",
            ("An address that asks for no more is disabled at once.", "Events are kept for thirty days."),
        ),
    },
}
