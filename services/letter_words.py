"""The words of the letters, in Russian and English, and how words become a letter as text and as simple HTML."""

from collections.abc import Mapping
from html import escape
from typing import Final

from integrations.ports import Letter
from loyalty.money import tell_money, tell_percent
from loyalty.programme import Programme
from services.address_words import ADDRESS
from services.letter_kinds import Kind, Words

__all__ = ["PLASTIC_TAKEN", "WORDS", "Kind", "Words", "compose", "filled_in", "first_benefit"]


WORDS: Final[Mapping[Kind, Mapping[str, Words]]] = {
    **ADDRESS,
    Kind.CONFIRMATION: {
        "ru": Words(
            "Подтвердите адрес — и карта ваша",
            ("Здравствуйте, {name}.", "Осталось подтвердить адрес почты, и карта «{programme}» заработает."),
            "Подтвердить адрес",
            "{link}",
            (
                "Или введите на странице регистрации код: {code}. Он действует {code_minutes} минут.",
                "Ссылка действует {link_hours} ч.",
                "Если вы не регистрировались, ничего делать не нужно: без подтверждения карта не появится.",
            ),
        ),
        "en": Words(
            "Confirm your address and the card is yours",
            ("Hello {name},", "Confirm your e-mail address and your {programme} card starts working."),
            "Confirm the address",
            "{link}",
            (
                "Or type this code on the registration page: {code}. It works for {code_minutes} minutes.",
                "The link works for {link_hours} hours.",
                "If you did not register, do nothing: no card appears without confirmation.",
            ),
        ),
    },
    Kind.ALREADY_REGISTERED: {
        "ru": Words(
            "У вас уже есть карта",
            (
                "Здравствуйте, {name}.",
                "Кто-то, возможно вы, заполнил форму регистрации с этим адресом.",
                "Карта «{programme}» у вас уже есть, поэтому новую мы не создали, и в профиле ничего не изменилось.",
            ),
            "Войти",
            "{base}/sign-in",
            (
                "Забыли пароль? Новый можно задать здесь: {base}/forgot",
                "Если это были не вы, ничего делать не нужно.",
            ),
        ),
        "en": Words(
            "You have a card already",
            (
                "Hello {name},",
                "Somebody, perhaps you, filled in the registration form with this address.",
                "You have a {programme} card already, so we made no new one and nothing in your profile has changed.",
            ),
            "Sign in",
            "{base}/sign-in",
            ("Forgot the password? Choose a new one here: {base}/forgot", "If it was not you, there is nothing to do."),
        ),
    },
    Kind.WELCOME: {
        "ru": Words(
            "Ваша карта готова",
            ("{name}, добро пожаловать в программу «{programme}».", "Ваш уровень: {tier}. {benefit}", "{plastic}"),
            "Открыть карту",
            "{base}/card",
            ("Перед оплатой откройте карту в телефоне и покажите QR-код. Он работает и без интернета.",),
        ),
        "en": Words(
            "Your card is ready",
            ("{name}, welcome to {programme}.", "Your tier: {tier}. {benefit}", "{plastic}"),
            "Open the card",
            "{base}/card",
            ("Before you pay, open the card on your phone and show its QR code. It works offline too.",),
        ),
    },
    Kind.RESET: {
        "ru": Words(
            "Новый пароль для вашей карты",
            ("Здравствуйте, {name}.", "Чтобы задать новый пароль в программе «{programme}», откройте ссылку."),
            "Задать новый пароль",
            "{link}",
            (
                "Ссылка действует {reset_minutes} минут и только один раз.",
                "После смены пароля войти нужно будет заново на всех устройствах.",
                "Если вы не просили об этом, ничего делать не нужно: старый пароль остаётся.",
            ),
        ),
        "en": Words(
            "A new password for your card",
            ("Hello {name},", "Open this link to choose a new password for {programme}."),
            "Choose a new password",
            "{link}",
            (
                "The link works once, for {reset_minutes} minutes.",
                "After the change you sign in anew on every device.",
                "If you did not ask for it, there is nothing to do: the old password stays.",
            ),
        ),
    },
    Kind.PASSWORD_CHANGED: {
        "ru": Words(
            "Пароль изменён",
            (
                "Здравствуйте, {name}.",
                "Пароль вашей карты «{programme}» только что изменён. На других устройствах нужно войти заново.",
            ),
            "Это были не вы? Задайте новый пароль",
            "{base}/forgot",
            (),
        ),
        "en": Words(
            "Your password was changed",
            (
                "Hello {name},",
                "The password of your {programme} card has just been changed. Other devices have to sign in anew.",
            ),
            "It was not you? Choose a new password",
            "{base}/forgot",
            (),
        ),
    },
    Kind.PHONE_CHANGED: {
        "ru": Words(
            "Номер телефона подтверждён",
            (
                "Здравствуйте, {name}.",
                "В вашем профиле «{programme}» подтверждён номер {phone}. По нему теперь можно войти с кодом из SMS.",
            ),
            "Это были не вы? Смените пароль",
            "{base}/forgot",
            (),
        ),
        "en": Words(
            "Your phone number is confirmed",
            (
                "Hello {name},",
                "The number {phone} is confirmed in your {programme} profile. It can now be used to sign in by SMS code.",
            ),
            "It was not you? Change the password",
            "{base}/forgot",
            (),
        ),
    },
    Kind.PROFILE_CHANGED: {
        "ru": Words(
            "Данные профиля изменены",
            (
                "Здравствуйте, {name}.",
                "Данные вашего профиля «{programme}» изменены. Новые стоят в личном кабинете.",
            ),
            "Посмотреть профиль",
            "{base}/profile",
            ("Это были не вы? Смените пароль: {base}/forgot",),
        ),
        "en": Words(
            "Your profile has been changed",
            (
                "Hello {name},",
                "The data of your {programme} profile have been changed. The new ones stand in your profile.",
            ),
            "See the profile",
            "{base}/profile",
            ("It was not you? Change the password: {base}/forgot",),
        ),
    },
    Kind.TIER_FELL: {
        "ru": Words(
            "Ваш уровень теперь — {tier}",
            (
                "Здравствуйте, {name}.",
                "Срок прежнего уровня в программе «{programme}» закончился. Теперь ваш уровень — {tier}.",
                "До уровня «{next}» осталось {left}.",
            ),
            "Открыть карту",
            "{base}/card",
            (),
        ),
        "en": Words(
            "Your tier is now {tier}",
            (
                "Hello {name},",
                "The time of your earlier tier in {programme} has ended. Your tier is now {tier}.",
                "{left} more and it becomes {next}.",
            ),
            "Open the card",
            "{base}/card",
            (),
        ),
    },
    Kind.TIER_GRANTED: {
        "ru": Words(
            "Вам присвоен уровень «{tier}»",
            (
                "Здравствуйте, {name}.",
                "Программа «{programme}» присвоила вам уровень «{tier}». Он действует до {until} включительно.",
            ),
            "Открыть карту",
            "{base}/card",
            (),
        ),
        "en": Words(
            "You have been given the tier {tier}",
            ("Hello {name},", "{programme} has given you the tier {tier}. It holds until {until}, that day included."),
            "Open the card",
            "{base}/card",
            (),
        ),
    },
    Kind.CLAIM_CREDITED: {
        "ru": Words(
            "Покупка зачислена",
            (
                "Здравствуйте, {name}.",
                "Мы нашли чек, о котором вы сообщили. Покупка теперь в вашей истории «{programme}».",
            ),
            "Посмотреть покупку",
            "{base}/purchases",
            (),
        ),
        "en": Words(
            "Your purchase is recorded",
            (
                "Hello {name},",
                "We found the receipt you told us of. The purchase now stands in your {programme} history.",
            ),
            "See the purchase",
            "{base}/purchases",
            (),
        ),
    },
    Kind.CLAIM_REJECTED: {
        "ru": Words(
            "Покупку зачислить не получилось",
            (
                "Здравствуйте, {name}.",
                "Чек, о котором вы сообщили, в «{programme}» не зачислен. Причина — на странице заявок.",
            ),
            "Посмотреть причину",
            "{base}/claims",
            (),
        ),
        "en": Words(
            "The purchase could not be recorded",
            (
                "Hello {name},",
                "The receipt you told us of was not recorded in {programme}. The reason stands with your claims.",
            ),
            "See the reason",
            "{base}/claims",
            (),
        ),
    },
    Kind.VOUCHERS: {
        "ru": Words(
            "Оплачено: {goods}",
            (
                "Здравствуйте, {name}.",
                "Заказ в магазине «{programme}» оплачен: {goods}, партнёр «{partner}».",
                "Покажите QR-код на кассе партнёра или назовите цифры: {codes}. Каждый сертификат принимают один раз.",
            ),
            "Открыть QR-код",
            "{base}/shop?order={order}",
            (
                "Сертификат действует до {until} включительно. Неиспользованный можно вернуть в личном кабинете.",
                "Не пересылайте письмо: по этим цифрам услугу получит любой, кто их назовёт.",
            ),
        ),
        "en": Words(
            "Paid: {goods}",
            (
                "Hello {name},",
                "Your order in the shop of {programme} is paid: {goods}, from {partner}.",
                "Show the QR code at a till of the partner, or say the digits: {codes}. Each voucher is taken once.",
            ),
            "Open the QR code",
            "{base}/shop?order={order}",
            (
                "The voucher is good until {until}, that day included. You can return an unused one in the cabinet.",
                "Keep this letter to yourself: whoever says these digits gets the service.",
            ),
        ),
    },
}

_BENEFIT: Final = {
    "ru": ("Ваша скидка — до {percent} у партнёров программы.", "Покупки на {sum} — и скидка станет {percent}."),
    "en": ("You get up to {percent} off at our partners.", "Spend {sum} and the discount becomes {percent}."),
}
PLASTIC_TAKEN: Final = {
    "ru": "Номер старой карты мы не приняли: её уже заменили на виртуальную.",
    "en": "We did not take over the old card's number: that card has been replaced by a virtual one before.",
}


def first_benefit(programme: Programme, locale: str) -> str | None:
    """What the new card brings: the discount of the first tier, or how much is missing to the first tier with one."""
    for place, tier in enumerate(programme.tiers):
        rates = [rule.basis_points for partner in programme.partners for rule in partner.rules if rule.tier == tier.id]
        if best := max(rates, default=0):
            sentence = _BENEFIT[locale][min(place, 1)]
            return sentence.format(percent=tell_percent(best, locale), sum=tell_money(tier.threshold, locale))
    return None


def compose(kind: Kind, locale: str, to: str, facts: Mapping[str, str | None]) -> Letter:
    """The letter of this kind with its facts filled in."""
    return filled_in(WORDS[kind][locale], locale, to, facts)


def filled_in(words: Words, locale: str, to: str, facts: Mapping[str, str | None]) -> Letter:
    """These words as a letter, with their facts in their places."""
    known = {name: fact for name, fact in facts.items() if fact is not None}
    before, after = _filled(words.before, known), _filled(words.after, known)
    link = words.link.format_map(known)
    text = "\n\n".join((*before, f"{words.button}:\n{link}", *after))
    return Letter(
        to=to,
        subject=words.subject.format_map(known),
        text=f"{text}\n",
        html=_page(locale, before, words.button, link, after),
    )


def _filled(paragraphs: tuple[str, ...], known: Mapping[str, str]) -> list[str]:
    filled = []
    for paragraph in paragraphs:
        try:
            filled.append(paragraph.format_map(known))
        except KeyError:
            continue
    return filled


def _page(locale: str, before: list[str], button: str, link: str, after: list[str]) -> str:
    def paragraphs(texts: list[str]) -> str:
        return "".join(f"<p>{escape(text)}</p>" for text in texts)

    anchor = f'<p><a href="{escape(link)}">{escape(button)}</a></p>'
    return (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8"></head>'
        '<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 36em; margin: 2em auto; padding: 0 1em">'
        f"{paragraphs(before)}{anchor}{paragraphs(after)}</body></html>"
    )
