"""Sentences about partners' own sites."""

WORDS: dict[str, tuple[str, str]] = {
    "site.unknown": (
        "У этого партнёра нет сайта со скидкой участника. Проверьте название партнёра.",
        "This partner has no site with a members' discount. Check the name of the partner.",
    ),
    "site.origin": (
        "Этот сайт не записан за партнёром. Откройте страницу на сайте самого партнёра.",
        "This site is not registered for the partner. Open the page on the partner's own site.",
    ),
    "site.challenge": (
        "Запрос сайта неполон. Вернитесь на сайт и нажмите кнопку ещё раз.",
        "The site's request is incomplete. Go back to the site and press the button again.",
    ),
    "site.verifier": (
        "Запрос сайта неполон. Нажмите кнопку ещё раз.",
        "The site's request is incomplete. Press the button again.",
    ),
    "site.code_not_accepted": (
        "Разрешение не подошло или устарело. Нажмите «Узнать свою скидку» ещё раз.",
        "The permission does not fit or has expired. Press “See my discount” again.",
    ),
    "site.blocked": (
        "Ваша карта заблокирована. Свяжитесь с программой.",
        "Your card is blocked. Contact the programme.",
    ),
    "site.other_partner": (
        "Это разрешение дано другому партнёру. Нажмите «Узнать свою скидку» ещё раз.",
        "This permission was given to another partner. Press “See my discount” again.",
    ),
}
