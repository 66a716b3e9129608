"""The words of the letters about a change of address: to the new one, to the one of before, to whoever has it already."""

from collections.abc import Mapping
from typing import Final

from services.letter_kinds import Kind, Words

ADDRESS: Final[Mapping[Kind, Mapping[str, Words]]] = {
    Kind.EMAIL_CHANGE: {
        "ru": Words(
            "Подтвердите новый адрес",
            (
                "Здравствуйте, {name}.",
                "Этот адрес указали в профиле «{programme}». Чтобы письма и вход перешли на него, подтвердите адрес.",
            ),
            "Подтвердить адрес",
            "{link}",
            (
                "Или введите в профиле код: {code}. Он действует {code_minutes} минут.",
                "Ссылка откроется там, где вы вошли в профиль, и действует {link_hours} ч.",
                "Если вы этого не просили, ничего делать не нужно: без подтверждения ничего не изменится.",
            ),
        ),
        "en": Words(
            "Confirm your new address",
            (
                "Hello {name},",
                "This address was entered in a {programme} profile. Confirm it to get letters and sign in with it.",
            ),
            "Confirm the address",
            "{link}",
            (
                "Or type this code in the profile: {code}. It works for {code_minutes} minutes.",
                "The link works where you are signed in, for {link_hours} hours.",
                "If you did not ask for it, there is nothing to do: without confirmation nothing changes.",
            ),
        ),
    },
    Kind.EMAIL_ASKED: {
        "ru": Words(
            "Адрес почты хотят сменить",
            (
                "Здравствуйте, {name}.",
                "В вашем профиле «{programme}» попросили сменить адрес почты на {address}.",
                "Пока новый адрес не подтверждён, ничего не меняется: письма приходят сюда.",
            ),
            "Это были не вы? Задайте новый пароль",
            "{base}/forgot",
            ("С новым паролем просьба о смене адреса отменится, и на всех устройствах нужно будет войти заново.",),
        ),
        "en": Words(
            "Somebody asks for another address",
            (
                "Hello {name},",
                "Your {programme} profile was asked to change its e-mail address to {address}.",
                "Until the new address is confirmed nothing changes: letters come here.",
            ),
            "It was not you? Choose a new password",
            "{base}/forgot",
            ("A new password takes the change back, and every device has to sign in anew.",),
        ),
    },
    Kind.EMAIL_CHANGED: {
        "ru": Words(
            "Адрес почты изменён",
            (
                "Здравствуйте, {name}.",
                "В вашем профиле «{programme}» теперь другой адрес: {address}. Этот больше не подходит для входа.",
                "На других устройствах нужно войти заново.",
            ),
            "Открыть профиль",
            "{base}/profile",
            ("Если это были не вы, сразу напишите в поддержку программы с этого адреса.",),
        ),
        "en": Words(
            "Your e-mail address was changed",
            (
                "Hello {name},",
                "Your {programme} profile has another address now: {address}. This one no longer signs in.",
                "Other devices have to sign in anew.",
            ),
            "Open the profile",
            "{base}/profile",
            ("If it was not you, write to the programme's support from this address at once.",),
        ),
    },
    Kind.EMAIL_TAKEN: {
        "ru": Words(
            "Этот адрес уже в вашем профиле",
            (
                "Здравствуйте, {name}.",
                "Кто-то, возможно вы, хотел указать этот адрес в другом профиле «{programme}».",
                "Адрес уже подтверждён у вас, поэтому ничего не изменилось.",
            ),
            "Войти",
            "{base}/sign-in",
            ("Если это были не вы, ничего делать не нужно.",),
        ),
        "en": Words(
            "This address is in your profile already",
            (
                "Hello {name},",
                "Somebody, perhaps you, wanted to enter this address in another {programme} profile.",
                "It is confirmed in yours already, so nothing has changed.",
            ),
            "Sign in",
            "{base}/sign-in",
            ("If it was not you, there is nothing to do.",),
        ),
    },
}
