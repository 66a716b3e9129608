"""Sentences about posting and refunding."""

WORDS: dict[str, tuple[str, str]] = {
    "once.key_reused": (
        "Этот ключ повтора уже занят другой операцией. Возьмите новый ключ для новой операции.",
        "This idempotency key already stands for another operation. Take a new key for a new operation.",
    ),
    "purchase.price_changed": (
        "Цена изменилась с момента расчёта. Назовите гостю новую сумму и проведите чек ещё раз.",
        "The price has changed since the quote. Tell the guest the new sum and post the receipt again.",
    ),
    "purchase.quote_unknown": (
        "Расчёт не найден. Рассчитайте покупку заново.",
        "The quote is not known. Quote the purchase again.",
    ),
    "purchase.quote_expired": (
        "Расчёт устарел. Рассчитайте покупку заново.",
        "The quote has expired. Quote the purchase again.",
    ),
    "purchase.quote_used": (
        "По этому расчёту чек уже проведён. Для другого чека рассчитайте покупку заново.",
        "A receipt was already posted by this quote. Quote again for another receipt.",
    ),
    "purchase.receipt_exists": (
        "Чек с этим номером за этот день уже проведён. Проверьте номер чека.",
        "A receipt with this number was already posted that day. Check the receipt number.",
    ),
    "purchase.tenders": (
        "Оплаты не сходятся с суммой чека. Сумма оплат должна быть равна сумме к оплате.",
        "The payments do not add up. They must sum to the amount to pay.",
    ),
    "purchase.too_many_tenders": (
        "В чеке не больше {tenders_max} оплат.",
        "A receipt has at most {tenders_max} payments.",
    ),
    "purchase.no_points": (
        "В этой программе нет оплаты баллами. Выберите другой вид оплаты.",
        "This programme has no payment with points. Choose another kind of payment.",
    ),
    "purchase.points_not_held": (
        "Под этот расчёт ничего не отложено. Рассчитайте покупку заново и укажите, сколько списать.",
        "Nothing is put aside for this quote. Quote the purchase again and say how much to spend.",
    ),
    "purchase.points_worth": (
        "Списание должно быть равно отложенной сумме.",
        "What the guest's balance pays must be exactly what was put aside.",
    ),
    "purchase.points_asked": (
        "Гость ещё не подтвердил списание на телефоне. Дождитесь ответа и проведите чек ещё раз.",
        "The guest has not confirmed the spending on the phone yet. Wait for the answer and post again.",
    ),
    "purchase.points_unanswered": (
        "Гость не подтвердил списание за минуту, отложенное вернулось на счёт. Рассчитайте покупку заново.",
        "The guest did not confirm the spending within a minute, and what was put aside went back. Quote again.",
    ),
    "purchase.points_declined": (
        "Гость отказался от списания. Рассчитайте покупку заново без него.",
        "The guest declined the spending. Quote the purchase again without it.",
    ),
    "purchase.hold_expired": (
        "Время, на которое отложили списание, вышло, и на счёте уже не хватает. Рассчитайте покупку заново.",
        "The time for which it was put aside is over, and the balance is not enough any more. Quote the purchase again.",
    ),
    "purchase.closed_at": (
        "Время закрытия чека должно быть не раньше суток назад и не позже чем через 5 минут. Проверьте часы кассы.",
        "A receipt closes at most 24 hours ago and 5 minutes ahead. Check the till's clock.",
    ),
    "refund.which": (
        "Укажите чек: номер или идентификатор покупки.",
        "Name the receipt: its number, or the id of the purchase.",
    ),
    "refund.of_shop": (
        "Это заказ из магазина программы. Гость сам вернёт его в личном кабинете, деньги придут на карту.",
        "This is an order of the programme’s shop. The guest returns it in the cabinet, and the money goes to the card.",
    ),
    "refund.receipt_unknown": (
        "Такого чека у партнёра нет. Проверьте номер и дату.",
        "The partner has no such receipt. Check the number and the date.",
    ),
    "refund.ambiguous": (
        "Чеков с таким номером несколько. Укажите дату чека.",
        "Several receipts have this number. Give the date of the receipt.",
    ),
    "refund.number_used": (
        "Возврат с этим номером за этот день уже проведён. Укажите другой номер возврата.",
        "A refund with this number was already made that day. Give another refund number.",
    ),
    "refund.refunded_at": (
        "Возврат не может быть раньше покупки или в будущем. Проверьте часы кассы.",
        "A refund cannot be before its purchase or in the future. Check the till's clock.",
    ),
    "offline.count": (
        "В одной посылке от 1 до {most} чеков. Отправьте остальные следующей.",
        "One batch holds 1 to {most} receipts. Send the others in the next one.",
    ),
    "offline.other_till": (
        "Эти чеки приняла другая касса. Подключите её ключом и отправьте их ещё раз.",
        "Another till took these receipts. Pair it with its key and send them again.",
    ),
    "offline.no_points": (
        "Без связи со счёта не списывают: сколько на нём, видно только на сервере. Укажите, чем гость заплатил.",
        "Nothing is spent from a balance without network: only the server knows what is there. Say what the guest paid with.",
    ),
    "offline.closed_at": (
        "Чек принимают до 72 часов после покупки. Проверьте часы кассы; гость может заявить покупку в кабинете.",
        "A receipt is taken up to 72 hours after the sale. Check the till's clock; the guest may claim the purchase.",
    ),
    "offline.scanned_at": (
        "Код показан больше 96 часов назад или ещё не показан. Проверьте часы; гость может заявить покупку в кабинете.",
        "The code was shown over 96 hours ago, or not yet. Check the till's clock; the guest may claim the purchase.",
    ),
    "offline.card_not_accepted": (
        "Код гостя не подошёл: сменился или записан с другим чеком. Гость может заявить покупку в личном кабинете.",
        "The guest's code had changed or stands on another receipt. The guest may claim the purchase in the cabinet.",
    ),
    "offline.key_reused": (
        "Под этим ключом уже записан чек с другими суммами. Сверьте запись с чеком и сообщите оператору программы.",
        "Another receipt was recorded under this key. Compare the record and tell the programme's operator.",
    ),
    "instalment.kind": (
        "Подтверждения банка ждёт только рассрочка.",
        "Only an instalment waits for a bank's confirmation.",
    ),
    "instalment.none": (
        "Этот чек подтверждения банка не ждёт.",
        "This receipt waits for no bank.",
    ),
    "instalment.decided": (
        "По этому чеку банк уже ответил иначе. Если товар вернули, запишите возврат.",
        "The bank has said otherwise about this receipt. If the goods came back, record a return.",
    ),
    "instalment.expired": (
        "Срок подтверждения по этому чеку истёк.",
        "The time to confirm this receipt is over.",
    ),
    "instalment.outlet": (
        "Такой точки у партнёра нет.",
        "The partner has no such outlet.",
    ),
}
