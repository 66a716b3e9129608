"""Sentences about making two profiles one, and why it cannot be done or undone."""

WORDS: dict[str, tuple[str, str]] = {
    "merging.same": (
        "Это один и тот же профиль. Выберите другой.",
        "This is one and the same profile. Choose another one.",
    ),
    "merging.shares": (
        "Второй профиль состоит в семье или вносил баллы в семейный счёт. Оставьте главным его или пусть он выйдет из семьи.",
        "The second profile sits in a family or gave points to a pool. Keep that one, or have it leave the family.",
    ),
    "merging.granted": (
        "У второго профиля есть уровень, выданный вручную. Сначала отзовите его.",
        "The second profile has a tier given by hand. Withdraw it first.",
    ),
    "merging.owes": (
        "Один из профилей должен баллы. Объединить можно, когда долг погашен.",
        "One of the profiles owes points. They can be made one once the debt is paid.",
    ),
    "merging.card": (
        "Карта главного профиля не действует. Сначала разберитесь с ней.",
        "The card of the profile that stays does not work. See to that first.",
    ),
    "merging.unknown": (
        "Такого объединения нет. Обновите страницу.",
        "There is no such merge. Open the page anew.",
    ),
    "merging.not_alike": (
        "У этих профилей нет ничего общего: двойниками их никто не считает.",
        "These profiles have nothing in common: nobody takes them for twins.",
    ),
    "merging.unknown_dismissal": (
        "Такого решения нет. Обновите страницу.",
        "There is no such decision. Open the page anew.",
    ),
    "merging.restored": (
        "Это решение уже отменено.",
        "This decision has been taken back already.",
    ),
    "merging.sealed": (
        "Это объединение уже отменено, или срок отмены прошёл.",
        "This merge has been undone already, or its time to be undone is over.",
    ),
    "merging.survivor_gone": (
        "Главный профиль с тех пор объединён с другим или удалён. Сначала отмените более позднее объединение.",
        "The profile that stayed has been merged or erased since. Undo the later merge first.",
    ),
    "merging.held": (
        "Касса сейчас держит баллы участника. Повторите через минуту.",
        "A till holds points of the member right now. Try again in a minute.",
    ),
    "merging.spent": (
        "Отменить нельзя: {points} из пришедших баллов с тех пор потрачены или сняты возвратом.",
        "It cannot be undone: {points} of the points that came along have been spent or taken back since.",
    ),
    "merging.contact_taken": (
        "Отменить нельзя: почту или телефон второго профиля с тех пор подтвердил кто-то другой.",
        "It cannot be undone: somebody else has proved the second profile's e-mail or phone since.",
    ),
}
