"""Sentences about bookings."""

WORDS: dict[str, tuple[str, str]] = {
    "booking.no_hotel": ("Этот отель здесь не бронируют.", "This hotel is not booked here."),
    "booking.unknown": ("Такого бронирования нет. Обновите страницу.", "There is no such booking. Reload the page."),
    "booking.arrival_past": ("День заезда уже прошёл.", "The day of arrival has passed."),
    "booking.departure_before": ("Выезд должен быть позже заезда.", "Departure must be later than arrival."),
    "booking.too_long": (
        "За раз можно забронировать не больше {nights_max} ночей.",
        "At most {nights_max} nights can be booked at once.",
    ),
    "booking.too_far": ("Бронируют не дальше чем на год вперёд.", "Bookings open a year ahead."),
    "booking.rooms": ("За раз бронируют от 1 до {most} номеров.", "Book 1 to {most} rooms at once."),
    "booking.adults": ("В номере от 1 до {adults} взрослых.", "A room takes 1 to {adults} adults."),
    "booking.children": ("В номере не больше {children} детей.", "A room takes at most {children} children."),
    "booking.child_age": ("Возраст ребёнка — от 0 до 17 лет.", "A child is 0 to 17 years old."),
    "booking.code_unknown": (
        "Такого промокода у этого отеля нет. Проверьте буквы или уберите его.",
        "This hotel has no such promo code. Check the letters, or leave it out.",
    ),
    "booking.offer_unreadable": (
        "Это предложение не найдено. Найдите ещё раз.",
        "This offer is unknown. Search again.",
    ),
    "booking.offer_old": ("Предложение устарело. Найдите ещё раз.", "This offer is too old. Search again."),
    "booking.offers_differ": (
        "Номера одного бронирования должны быть в одном отеле и на одни даты.",
        "The rooms of one booking must be in one hotel on the same days.",
    ),
    "booking.gone": (
        "Этот номер только что заняли. Выберите другой.",
        "This room has just been taken. Choose another one.",
    ),
    "booking.refused": (
        "Отель не принял этот запрос. Выберите другой номер или позвоните в отель.",
        "The hotel did not take this request. Choose another room, or call the hotel.",
    ),
    "booking.too_often": (
        "Сейчас номера ищут слишком многие. Повторите немного позже.",
        "Too many are searching right now. Try again in a moment.",
    ),
    "booking.engine_away": (
        "Система бронирования отеля не отвечает. Повторите чуть позже или позвоните в отель.",
        "The hotel’s booking system does not answer. Try again a little later, or call the hotel.",
    ),
    "booking.terms_old": (
        "Условия устарели. Найдите номер ещё раз.",
        "These terms are too old. Search for the room again.",
    ),
    "booking.confirmed_before": ("Это бронирование уже подтверждено.", "This booking is confirmed already."),
    "booking.way_unknown": (
        "Так оплатить нельзя. Выберите другой способ.",
        "This cannot be paid so. Choose another way.",
    ),
    "booking.cannot_cancel": (
        "Это бронирование уже нельзя отменить здесь. Позвоните в отель.",
        "This booking cannot be cancelled here any more. Call the hotel.",
    ),
    "booking.price_changed": (
        "Пока вы выбирали, цена изменилась. Вот новая: бронируем, только если вы согласны.",
        "The price has changed while you were choosing. Here is the new one: nothing is booked unless you agree.",
    ),
    "booking.always_free": ("Отмена бесплатна до заезда.", "Cancelling is free until arrival."),
    "booking.never_free": ("Отмена стоит {penalty}.", "Cancelling costs {penalty}."),
    "booking.free_until": (
        "Отмена бесплатна до {until}, потом {penalty}.",
        "Cancelling is free until {until}, then {penalty}.",
    ),
    "booking.meal.RoomOnly": ("Без питания", "Room only"),
    "booking.meal.BreakFast": ("Завтрак включён", "Breakfast included"),
    "booking.meal.HalfBoard": ("Завтрак и ужин включены", "Breakfast and dinner included"),
    "booking.meal.FullBoard": ("Трёхразовое питание включено", "All meals included"),
    "booking.meal.AllInclusive": ("Всё включено", "All inclusive"),
    "booking.way.AtArrival": ("При заезде, в отеле", "On arrival, at the hotel"),
    "booking.way.BankCard": ("Сейчас, картой", "Now, by card"),
    "booking.way.SBP": ("Сейчас, через СБП", "Now, by the Faster Payments System"),
    "booking.way.Online": ("Сейчас, картой или через СБП", "Now, by card or the Faster Payments System"),
    "booking.way.other": ("Другой способ", "Another way"),
    "booking.fault.REFUSED": ("Отель не принял бронирование.", "The hotel did not take the booking."),
    "booking.fault.TERMS_ENDED": (
        "Условия отеля устарели, ничего не забронировано.",
        "The hotel’s terms had ended; nothing is booked.",
    ),
    "booking.fault.NOT_FOUND": (
        "Отель не ответил, и в его списке бронирования нет. Если оно там появится, мы покажем его здесь.",
        "The hotel did not answer and does not list the booking. If it appears there, you will see it here.",
    ),
    "booking.fault.NOT_PAID": ("Оплата не пришла, номер свободен.", "No payment came; the room is free again."),
    "booking.fault.NO_PAGE": (
        "Страница оплаты не открылась. Деньги не списаны, ничего не забронировано.",
        "The page to pay on did not open. No money was taken, and nothing is booked.",
    ),
    "booking.fault.NOT_REFUNDED": (
        "Банк не принял возврат. Мы видим это и вернём деньги сами; если ждать долго, напишите нам.",
        "The bank did not take the refund. We see it and will give the money back; write to us if it takes long.",
    ),
    "booking.fault.GIVEN_BACK": (
        "Отель так и не подтвердил номер. Мы возвращаем все деньги.",
        "The hotel never confirmed the room. We give all the money back.",
    ),
    "booking.fault.PENALTY_CHANGED": (
        "Цена отмены изменилась, бронирование остаётся. Посмотрите новую.",
        "The price of cancelling has changed, so the booking stands. Look at the new one.",
    ),
    "booking.fault.NOT_CANCELLED": (
        "Отель не отменил бронирование. Позвоните в отель.",
        "The hotel did not cancel the booking. Call the hotel.",
    ),
}
