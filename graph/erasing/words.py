"""Sentences about erasing a member."""

WORDS: dict[str, tuple[str, str]] = {
    "erasing.password": (
        "Пароль не подошёл. Если его у вас нет, задайте его по ссылке «Забыли пароль?» и повторите.",
        "The password is not right. If you have none, choose one by “Forgot the password?” and try again.",
    ),
    "erasing.booked": (
        "Сначала завершите или отмените бронирование: гостиница ждёт гостя.",
        "First finish or cancel the booking: a hotel expects its guest.",
    ),
    "erasing.pays": (
        "Оплата или возврат ещё не завершены. Подождите, пока деньги дойдут, и повторите.",
        "A payment or a refund is under way. Wait until the money has arrived and try again.",
    ),
}
