"""Sentences about quotes."""

WORDS: dict[str, tuple[str, str]] = {
    "quote.channel_not_of_till": (
        "Эта касса не продаёт через такой канал. Выберите канал кассы.",
        "This till does not sell through that channel. Choose one of the till's channels.",
    ),
    "quote.ticket_expired": (
        "Время после сканирования вышло. Сканируйте код гостя ещё раз.",
        "The time after the scan is over. Scan the guest's code again.",
    ),
    "quote.points_below_zero": (
        "Сколько списать, пишется числом от нуля.",
        "Say how much to spend with a number from zero up.",
    ),
}
