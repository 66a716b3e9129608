"""Sentences about entering the panel, people of the staff and their rights."""

WORDS: dict[str, tuple[str, str]] = {
    "staff.sign_in_failed": (
        "Не подходит. Проверьте почту и пароль.",
        "No match. Check the e-mail and the password.",
    ),
    "staff.step_over": (
        "Время вышло. Введите почту и пароль ещё раз.",
        "Time is up. Enter the e-mail and the password again.",
    ),
    "staff.code_shape": (
        "Код — это шесть цифр из приложения.",
        "The code is the six digits of the app.",
    ),
    "staff.code_not_accepted": (
        "Код не подошёл. Дождитесь в приложении следующего и введите его.",
        "The code was not accepted. Wait for the next one in the app and enter it.",
    ),
    "staff.recovery_shape": (
        "Резервный код — это 16 букв и цифр, вида abcd-efgh-ijkl-mnop.",
        "A recovery code is 16 letters and digits, such as abcd-efgh-ijkl-mnop.",
    ),
    "staff.link_not_accepted": (
        "Ссылка уже использована или устарела. Попросите администратора прислать новую.",
        "The link has been used or has expired. Ask the administrator for a new one.",
    ),
    "staff.password_weak": (
        "Такой пароль можно подобрать. Возьмите фразу из нескольких несвязанных слов.",
        "This password can be guessed. Take a phrase of several unrelated words.",
    ),
    "staff.reason": (
        "Напишите причину, хотя бы несколько слов: она останется в журнале.",
        "Write the reason, at least a few words: it stays in the log.",
    ),
    "staff.not_found": (
        "Такого сотрудника нет среди тех, кем вы управляете.",
        "Nobody like that is among those you administer.",
    ),
    "staff.oneself": (
        "Себя и свои права менять нельзя. Попросите другого администратора.",
        "Nobody changes themselves or their own rights. Ask another administrator.",
    ),
    "staff.beyond": (
        "У этого сотрудника есть права, которых нет у вас, поэтому менять его нельзя.",
        "This person has rights that you lack, so you cannot change them.",
    ),
    "staff.last_administrator": (
        "Это последний администратор всей программы. Сначала назначьте другого.",
        "This is the last administrator of the whole programme. Appoint another one first.",
    ),
    "staff.address_stays": (
        "Почту того, кто управляет админами или правами, меняет только оператор установки.",
        "Only the operator of this installation changes the address of whoever manages administrators or rights.",
    ),
    "staff.email_taken": (
        "С этой почтой уже есть сотрудник. Найдите его в списке.",
        "Somebody of the staff has this address already. Find them in the list.",
    ),
    "staff.is_blocked": (
        "Сотрудник заблокирован. Сначала разблокируйте его.",
        "This person is blocked. Unblock them first.",
    ),
    "staff.unknown_partner": (
        "Такого партнёра в программе нет. Выберите из списка.",
        "The programme has no such partner. Choose one from the list.",
    ),
    "staff.unknown_outlet": (
        "Такой точки в программе нет. Выберите из списка.",
        "The programme has no such outlet. Choose one from the list.",
    ),
    "staff.unknown_till": (
        "Такой кассы нет или она отключена.",
        "There is no such till, or it has been ended.",
    ),
    "staff.places_differ": (
        "Партнёр, точка и касса не подходят друг к другу. Укажите что-то одно.",
        "Partner, outlet and till do not belong together. Name one of them.",
    ),
    "staff.role_or_right": (
        "Укажите либо роль, либо одно право.",
        "Name either a role or a single right.",
    ),
    "staff.role_not_found": (
        "Такой роли нет. Обновите страницу.",
        "There is no such role. Open the page anew.",
    ),
    "staff.right_not_found": (
        "Такого права нет. Обновите страницу.",
        "There is no such right. Open the page anew.",
    ),
    "staff.scope_too_narrow": (
        "Право «{right}» не выдаётся так узко. Выберите место шире.",
        "The right “{right}” cannot be held for so narrow a place. Choose a wider one.",
    ),
    "staff.right_not_yours": (
        "Права «{right}» в этом месте у вас нет, поэтому ни дать, ни забрать его нельзя.",
        "You do not hold the right “{right}” there, so you can neither give nor take it.",
    ),
    "staff.right_requires": (
        "Право «{right}» требует права «{required}» в том же месте.",
        "The right “{right}” needs the right “{required}” at the same place.",
    ),
    "staff.request_decided": (
        "Эта заявка уже не ждёт решения. Обновите страницу.",
        "This request waits no more. Open the page anew.",
    ),
    "staff.four_eyes": (
        "Свою заявку и заявку о себе утвердить нельзя: нужен второй человек.",
        "Nobody approves their own request or one about themselves: it takes a second person.",
    ),
    "staff.role_code": (
        "Код роли — от 3 до 40 строчных латинских букв, цифр и дефисов, например front-desk.",
        "A role's code is 3 to 40 small Latin letters, digits and hyphens, such as front-desk.",
    ),
    "staff.role_code_taken": (
        "Роль с таким кодом уже есть. Выберите другой.",
        "There is a role of this code already. Choose another one.",
    ),
    "staff.role_empty": (
        "Отметьте хотя бы одно право.",
        "Tick at least one right.",
    ),
    "staff.role_held_narrower": (
        "Роль уже выдана там, где право «{right}» не действует. Сначала заберите её оттуда.",
        "The role is held where the right “{right}” cannot be. Take it away there first.",
    ),
    "staff.request_not_found": (
        "Такой заявки нет. Обновите страницу.",
        "There is no such request. Open the page anew.",
    ),
    "staff.right_lacking": (
        "Нет доступа: нужно право «{right}». Его даёт администратор программы.",
        "No access: this needs the right “{right}”. The programme's administrator grants it.",
    ),
}
