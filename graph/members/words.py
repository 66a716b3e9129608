"""Sentences about joining, signing in, passwords, devices and consents."""

WORDS: dict[str, tuple[str, str]] = {
    "people.name_letters": (
        "Здесь могут быть только буквы, а между ними — дефис, пробел или апостроф.",
        "Use letters only, with a hyphen, a space or an apostrophe between them.",
    ),
    "people.name_cyrillic": (
        "Только кириллица, как в паспорте. Проверьте раскладку клавиатуры.",
        "Cyrillic letters only, as in the passport. Check your keyboard layout.",
    ),
    "people.email": (
        "Проверьте адрес: он пишется латиницей, например petr@petrov.ru.",
        "Check the address; it looks like petr@petrov.ru.",
    ),
    "people.phone": (
        "Проверьте номер: 10 цифр после +7, а для других стран — плюс и код страны.",
        "Check the number: ten digits after +7, or a plus and the country code.",
    ),
    "people.birth_future": (
        "Дата рождения ещё не наступила. Проверьте год.",
        "This date of birth is in the future. Check the year.",
    ),
    "people.birth_long_ago": (
        "Проверьте год рождения.",
        "Check the year of birth.",
    ),
    "people.too_young": (
        "Участвовать в программе можно с {minimum_age} лет.",
        "You can join from the age of {minimum_age}.",
    ),
    "people.password_short": (
        "Пароль короткий: нужно не меньше {length_min} знаков.",
        "The password is short: use at least {length_min} characters.",
    ),
    "people.password_long": (
        "Пароль длиннее {length_max} знаков. Выберите короче.",
        "The password is longer than {length_max} characters. Choose a shorter one.",
    ),
    "people.password_common": (
        "Этот пароль подбирают первым. Придумайте другой, например фразу из нескольких слов.",
        "This password is guessed first. Think of another, such as a phrase of several words.",
    ),
    "people.password_about": (
        "Пароль повторяет ваше имя, телефон или почту. Придумайте другой.",
        "The password repeats your name, phone or e-mail. Think of another.",
    ),
    "join.plastic": (
        "Номер старой карты — от 4 до 20 цифр с её лицевой стороны. Если карты нет, оставьте поле пустым.",
        "An old card's number is the 4 to 20 digits on its face. Leave the field empty if you have none.",
    ),
    "join.plastic_taken": (
        "Эта карта уже заменена на виртуальную. Оставьте поле пустым.",
        "This card has been replaced by a virtual one already. Leave the field empty.",
    ),
    "join.link_not_accepted": (
        "Ссылка не подошла или устарела. Запросите новое письмо.",
        "The link is not valid or has expired. Ask for another letter.",
    ),
    "join.code_shape": (
        "Код — это шесть цифр из письма.",
        "The code is the six digits of the letter.",
    ),
    "join.code_not_accepted": (
        "Код не подошёл или устарел. Возьмите код из последнего письма или запросите новое.",
        "The code is wrong or has expired. Use the one of the newest letter, or ask for another letter.",
    ),
    "join.sign_in_first": (
        "Вы вступили по телефону. Войдите по коду из СМС и откройте письмо ещё раз: так мы узнаем, что адрес ваш.",
        "You joined by phone. Sign in by a code on the phone and open the letter again: so we know the address is yours.",
    ),
    "join.address_taken": (
        "Этот адрес уже подтверждён с другой картой. Войдите или задайте новый пароль.",
        "This address has been confirmed with another card. Sign in, or choose a new password.",
    ),
    "limit.tries": (
        "Слишком много попыток. Повторите через {minutes} мин.",
        "Too many tries. Try again in {minutes} min.",
    ),
    "sign_in.login": (
        "Введите почту или телефон.",
        "Enter your e-mail or phone.",
    ),
    "sign_in.password": (
        "Введите пароль: не больше {length_max} знаков.",
        "Enter your password: {length_max} characters at most.",
    ),
    "sign_in.failed": (
        "Не подходит. Проверьте почту или телефон и пароль.",
        "No match. Check the e-mail or phone and the password.",
    ),
    "sign_in.not_confirmed": (
        "Карта заработает после подтверждения почты. Откройте ссылку из письма или запросите новое.",
        "Your card starts after you confirm your e-mail. Open the link of the letter, or ask for another.",
    ),
    "password.current": (
        "Текущий пароль не подходит. Проверьте его или задайте новый через письмо.",
        "The current password does not match. Check it, or choose a new one by letter.",
    ),
    "password.link_not_accepted": (
        "Ссылка уже использована или устарела. Запросите новую.",
        "The link has been used or has expired. Ask for another.",
    ),
    "member.not_found": (
        "Участник не найден. Войдите ещё раз.",
        "The member is not known. Sign in again.",
    ),
    "device.not_found": (
        "Такого устройства среди ваших нет: возможно, на нём уже вышли.",
        "You have no such device; perhaps it is signed out already.",
    ),
    "consent.offer_required": (
        "Чтобы получить карту, примите условия участия.",
        "Accept the terms to get a card.",
    ),
    "consent.personal_data_required": (
        "Чтобы получить карту, согласитесь на обработку персональных данных.",
        "Agree to the processing of personal data to get a card.",
    ),
    "consent.outdated": (
        "Этот текст уже заменён новым. Откройте страницу заново и прочтите новую версию.",
        "This text has been replaced by a new one. Open the page anew and read the new version.",
    ),
    "consent.not_shown": (
        "Согласие дано на текст, который не был показан. Откройте страницу заново.",
        "The consent is to a text that was not shown. Open the page anew.",
    ),
    "consent.never_given": (
        "Этого согласия вы не давали, отзывать нечего.",
        "You never gave this consent; there is nothing to withdraw.",
    ),
    "consent.card_stands_on_it": (
        "Без этого согласия карты нет. Чтобы отозвать его, закройте карту: напишите в поддержку программы.",
        "There is no card without this consent. To withdraw it, close the card: write to the programme's support.",
    ),
}
