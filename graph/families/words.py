"""Sentences about families."""

WORDS: dict[str, tuple[str, str]] = {
    "family.none_here": (
        "В этой программе нет семейных счетов.",
        "This programme has no family accounts.",
    ),
    "family.no_pool": (
        "В этой программе у семьи нет общего счёта.",
        "Families of this programme have no shared points.",
    ),
    "family.not_in": (
        "Вы не состоите в семейном счёте. Создайте его или откройте приглашение.",
        "You are in no family account. Start one, or open an invitation.",
    ),
    "family.already_in": (
        "Вы уже состоите в семейном счёте. Чтобы войти в другой, сначала выйдите из него.",
        "You are in a family account already. Leave it before you join another.",
    ),
    "family.full": (
        "В семейном счёте заняты все места: их {seats}.",
        "All {seats} seats of the family account are taken.",
    ),
    "family.head_only": (
        "Это может сделать только глава семейного счёта.",
        "Only the head of the family account can do this.",
    ),
    "family.head_stays": (
        "Вы глава семейного счёта. Передайте эту роль или завершите счёт для всех.",
        "You are the head of the family account. Hand this role over, or end the account for everybody.",
    ),
    "family.head_not_offered": (
        "Вам не предлагали стать главой семейного счёта. Обновите страницу.",
        "Nobody has offered you to be the head. Reload the page.",
    ),
    "family.child_head": (
        "Главой может стать только взрослый участник.",
        "Only an adult member can be the head.",
    ),
    "family.own_seat": (
        "Выберите другого участника, не себя.",
        "Choose another member, not yourself.",
    ),
    "family.seat_unknown": (
        "Такого участника в семейном счёте нет. Обновите страницу.",
        "There is no such member in the family account. Reload the page.",
    ),
    "family.invite_role": (
        "Пригласить можно взрослого или ребёнка.",
        "You can invite an adult or a child.",
    ),
    "family.invites_open": (
        "Открытых приглашений уже {invites}. Отзовите одно из них.",
        "There are {invites} open invitations already. Take one of them back.",
    ),
    "family.invite_unknown": (
        "Этого приглашения больше нет: им воспользовались или его срок вышел. Создайте новое.",
        "This invitation is no more: it was used, or its time is over. Make a new one.",
    ),
    "family.token_unknown": (
        "Приглашение не найдено. Откройте ссылку целиком или попросите новую.",
        "The invitation was not found. Open the whole link, or ask for a new one.",
    ),
    "family.token_used": (
        "Этим приглашением уже воспользовались. Попросите новую ссылку.",
        "This invitation was used already. Ask for a new link.",
    ),
    "family.token_expired": (
        "Срок приглашения вышел. Попросите новую ссылку.",
        "The invitation has expired. Ask for a new link.",
    ),
    "family.token_revoked": (
        "Приглашение отозвано. Попросите новую ссылку.",
        "The invitation was taken back. Ask for a new link.",
    ),
    "family.points": (
        "Укажите целое число больше нуля.",
        "Give a whole number above zero.",
    ),
    "family.points_short": (
        "Столько внести нельзя: у вас доступно {points}.",
        "You cannot put in so many: you have {points} available.",
    ),
    "family.move.CONTRIBUTED.mine": ("Вы внесли", "You put in"),
    "family.move.CONTRIBUTED.other": ("{name}: вклад", "{name} put in"),
    "family.move.SPENT.mine": ("Вы оплатили покупку", "You paid for a purchase"),
    "family.move.SPENT.other": ("{name}: оплата покупки", "{name} paid for a purchase"),
    "family.move.GIVEN_BACK.mine": ("Возврат вашей покупки", "Your purchase was returned"),
    "family.move.GIVEN_BACK.other": ("{name}: возврат покупки", "A purchase of {name} was returned"),
    "family.move.RETURNED.mine": ("К вам вернулся ваш остаток", "What was left of yours came back to you"),
    "family.move.RETURNED.other": ("{name}: остаток вклада возвращён", "What was left went back to {name}"),
    "family.move.EXPIRED.mine": ("У вашего вклада закончился срок", "The time of your points has ended"),
    "family.move.EXPIRED.other": ("{name}: у вклада закончился срок", "The time of points from {name} has ended"),
    "points.points_together": (
        "Вместе с семейным счётом есть {points} {unit}: больше списать нельзя.",
        "With the family account there are {points} {unit}, and no more can be spent.",
    ),
    "points.points_family_child": (
        "Детям семейный счёт покупки не оплачивает.",
        "The family account does not pay for a child's purchases.",
    ),
    "points.points_family_later": (
        "Семейным счётом гость сможет платить с {day}.",
        "The guest can pay with the family account from {day}.",
    ),
    "points.move.FAMILY_CONTRIBUTED": ("Внесены в семейный счёт.", "Put into the family account."),
    "points.move.FAMILY_RETURNED": ("Вернулись из семейного счёта.", "Came back from the family account."),
}
