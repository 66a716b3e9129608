"""Signing in by a code: T2, T3, T4, T5, T7, INV-12 and C-16."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.segments import segments
from models import database
from services import code_signin, onetime, sessions
from services.messages.writing import SHORT
from services.onetime import Asked, Purpose
from services.resources import Resources
from services.signin import SignedIn
from services.work import work
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.joining import make_caller, make_joined
from tests.makers.mail import RememberingMailer
from tests.makers.messages import PHONE, make_reachable
from tests.makers.patience import rivals
from tests.makers.resources import make_resources
from tests.makers.statements import statements_of
from tests.makers.working import work_off


class Post:
    """Where codes arrive: the phone and the letter box."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.gateway, self.mailer = ScriptedGateway(), RememberingMailer()
        self.gateways = make_gateways(self.gateway, mailer=self.mailer)

    async def after(self, moment: datetime) -> list[str]:
        """The texts that arrived, oldest first."""
        await work_off(self.resources, self.gateways, moment, mailer=self.mailer)
        return [one.text for one in self.gateway.taken] + [letter.text for letter in self.mailer.sent]


def digits(text: str) -> str:
    return "".join(letter for letter in text.split("—", maxsplit=1)[0] if letter.isdigit())[:6]


async def typed(handle: str, code: str, resources: Resources, now: datetime) -> SignedIn:
    return await code_signin.sign_in(handle, code, "COOKIE", caller=make_caller(), resources=resources, now=now)


async def asked(login: str, resources: Resources, now: datetime, **more: str) -> Asked:
    return await code_signin.request(login, make_caller(), resources, now, **more)


async def refusal_of(handle: str, code: str, resources: Resources, now: datetime) -> Refusal:
    before = await database.fetchval("SELECT count(*) FROM session")
    with pytest.raises(Refusal) as refusal:
        await typed(handle, code, resources, now)
    assert await database.fetchval("SELECT count(*) FROM session") == before
    return refusal.value


async def test_a_proved_phone_signs_in_by_sms(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    post = Post(resources)
    told = await asked("8 (921) 123-45-67", resources, now)
    (text,) = await post.after(now)
    assert (post.gateway.taken[0].to, segments(text).parts) == (PHONE, 1)
    opened = await typed(told.request, digits(text), resources, now)
    found = await sessions.find_session(opened.token, now)
    assert found == sessions.SessionFacts(opened.session_id, member, "COOKIE")
    assert (await refusal_of(told.request, digits(text), resources, now)).code is Code.TOKEN_NOT_ACCEPTED, "once"


async def test_a_phone_that_nobody_proved_opens_by_the_letters_of_its_only_holder(
    resources: Resources, now: datetime
) -> None:
    """A mistyped number is a stranger's: he gets nothing, the owner of the profile a letter."""
    form, member = await make_joined(resources, now, phone=PHONE)
    post = Post(resources)
    told = await asked(PHONE, resources, now)
    await post.after(now)
    assert (post.gateway.taken, post.mailer.sent[-1].to) == ([], form.email)
    code = onetime.code_of(await database.fetchval("SELECT id FROM one_time_code"), resources)
    assert code in post.mailer.sent[-1].text
    assert (await typed(told.request, code, resources, now)).member_id == member


async def test_a_code_that_does_not_arrive_goes_by_letter(resources: Resources, now: datetime) -> None:
    """F12: operators drop codes; a delivery failure must not lock the member out."""
    await make_reachable(resources, now)
    post = Post(resources)
    await asked(PHONE, resources, now)
    await post.after(now)
    assert (len(post.gateway.taken), post.mailer.sent) == (1, [])
    await post.after(now + timedelta(seconds=60))
    assert digits(post.gateway.taken[0].text) in post.mailer.sent[0].text


async def test_an_account_that_slept_opens_by_its_letters_alone(resources: Resources, now: datetime) -> None:
    """T5: the number may have a new owner."""
    await make_reachable(resources, now)
    post = Post(resources)
    await asked(PHONE, resources, now + timedelta(days=91))
    await post.after(now + timedelta(days=91))
    assert (post.gateway.taken, len(post.mailer.sent)) == ([], 1)


async def test_known_and_unknown_logins_are_told_the_same_by_the_same_work(resources: Resources, now: datetime) -> None:
    """T2."""
    form, _ = await make_joined(resources, now, phone="+79210000001")
    await make_reachable(resources, now)
    seen = []
    for login in (PHONE, "+79219999999", form.email, "nobody@petrov.ru", "+79210000001", "что угодно"):
        answers: list[Asked] = []

        async def ask(login: str = login, answers: list[Asked] = answers) -> None:
            answers.append(await asked(login, resources, now))

        shapes = [statement for statement in await statements_of(ask()) if "FROM contact" not in statement]
        told = answers[0]
        seen.append((shapes, told.resend_after, told.expires_at))
        assert len(told.request) == 32
    assert all(one == seen[0] for one in seen)
    post = Post(resources)
    before = await post.after(now)
    assert len(before) == 2, "the proved phone's, and the newer of two that one member asked for"


async def test_nobodys_code_is_refused_like_a_wrong_one(resources: Resources, now: datetime) -> None:
    """T2."""
    await make_reachable(resources, now)
    nobody = await asked("+79219999999", resources, now)
    known = await asked(PHONE, resources, now)
    told = [
        await refusal_of(handle, "000000", resources, now)
        for handle in (nobody.request, known.request, "x", "")
        for _ in range(6)
    ]
    assert {(one.code, one.words, one.field) for one in told} == {
        (Code.TOKEN_NOT_ACCEPTED, "code.not_accepted", "code")
    }


async def test_five_tries_and_five_minutes(resources: Resources, now: datetime) -> None:
    """T3; the sixth try is refused even with the right digits, in whatever order they come."""
    await make_reachable(resources, now)
    post = Post(resources)
    told = await asked(PHONE, resources, now)
    (text,) = await post.after(now)
    code = digits(text)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    await asyncio.gather(*(refusal_of(told.request, wrong, resources, now) for _ in range(5)))
    await refusal_of(told.request, code, resources, now)
    later = now + timedelta(minutes=2)
    again = await asked(PHONE, resources, later)
    await post.after(later)
    await refusal_of(again.request, digits(post.gateway.taken[-1].text), resources, later + timedelta(minutes=5))


async def test_of_two_codes_only_the_newer_lives_and_a_repeat_repeats(resources: Resources, now: datetime) -> None:
    """Never two live codes; asked for with its request, the same code is sent again."""
    await make_reachable(resources, now)
    post = Post(resources)
    first = await asked(PHONE, resources, now)
    second = await asked(PHONE, resources, now + timedelta(seconds=61), again=first.request)
    third = await asked(PHONE, resources, now + timedelta(seconds=122))
    await post.after(now)
    await post.after(now + timedelta(seconds=125))
    assert (first.request, first.expires_at) == (second.request, second.expires_at)
    live = await database.fetchval("SELECT count(*) FROM one_time_code WHERE used_at IS NULL")
    assert live == 1
    code = digits(post.gateway.taken[-1].text)
    await refusal_of(first.request, code, resources, now + timedelta(seconds=130))
    assert (await typed(third.request, code, resources, now + timedelta(seconds=131))).token.startswith("ks_")


async def test_rivals_leave_one_live_code(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    facts = {"binding": b"x", "resources": resources, "now": now}
    await rivals(*(partial(onetime.ask, Purpose.SIGN_IN, member_id=member, **facts) for _ in range(10)))  # type: ignore[arg-type]
    assert await database.fetchval("SELECT count(*) FROM one_time_code WHERE used_at IS NULL") == 1


@pytest.mark.parametrize("opens", list(Purpose))
@pytest.mark.parametrize("made_for", list(Purpose))
async def test_a_code_opens_its_own_purpose_alone(
    resources: Resources, now: datetime, made_for: Purpose, opens: Purpose
) -> None:
    """T4: only the diagonal passes; and only with what it was bound to."""
    member = await make_reachable(resources, now)
    told = await onetime.ask(made_for, member_id=member, binding=b"mine", resources=resources, now=now)
    code = onetime.code_of(await database.fetchval("SELECT id FROM one_time_code"), resources)

    async def use(purpose: Purpose, binding: bytes) -> UUID:
        async with work() as tx:
            facts = (tx, told.request, code, purpose)
            return (await onetime.use(*facts, binding=binding, resources=resources, now=now)).member_id

    with pytest.raises(Refusal):
        await use(opens, b"another")
    if made_for is opens:
        assert await use(opens, b"mine") == member
    else:
        with pytest.raises(Refusal):
            await use(opens, b"mine")


async def test_codes_are_kept_as_digests_only(resources: Resources, now: datetime) -> None:
    await make_reachable(resources, now)
    told = await asked(PHONE, resources, now)
    await Post(resources).after(now)
    code = onetime.code_of(await database.fetchval("SELECT id FROM one_time_code"), resources)
    for table in ("one_time_code", "message", "delivery_attempt", "job"):
        rows = await database.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} AS t")
        assert not any(told.request in row["row"] or f'"{code}"' in row["row"] for row in rows), table


async def test_one_a_minute_and_five_a_day_for_a_login_known_or_not(resources: Resources, now: datetime) -> None:
    """C-16, T7."""
    await make_reachable(resources, now)
    for login in (PHONE, "+79219999999"):
        moment = now
        await asked(login, resources, moment)
        with pytest.raises(Refusal) as refusal:
            await asked(login, resources, moment + timedelta(seconds=59))
        assert (refusal.value.code, refusal.value.retry_after_seconds) == (Code.LIMIT_REACHED, 1)
        for _ in range(4):
            moment += timedelta(minutes=2)
            await asked(login, resources, moment)
        with pytest.raises(Refusal):
            await asked(login, resources, moment + timedelta(minutes=2))


async def test_a_ring_of_numbers_meets_the_budget_and_an_honest_member_gets_a_letter(
    resources: Resources, now: datetime
) -> None:
    """T7: neighbouring numbers share a budget; beyond it codes go by e-mail."""
    tight = make_resources(joins_per_ip_hour=10_000, codes_per_ip_hour=10_000, sms_per_block_hour=3, sms_per_hour=5)
    post = Post(tight)
    phones = [f"+7921{100 + number % 2}{number:04d}" for number in range(8)]
    for phone in phones:
        await make_reachable(resources, now, phone=phone)
    for phone in phones:
        await asked(phone, tight, now)
    await post.after(now)
    assert (len(post.gateway.taken), len(post.mailer.sent)) == (5, 3)
    blocks = [one.to[:-4] for one in post.gateway.taken]
    assert max(blocks.count(block) for block in blocks) <= 3


async def test_an_address_knocks_twenty_times_an_hour(resources: Resources, now: datetime) -> None:
    """T7."""
    for number in range(20):
        await asked(f"+7921{number:07d}", resources, now)
    with pytest.raises(Refusal) as refusal:
        await asked("+79217777777", resources, now)
    assert refusal.value.code is Code.LIMIT_REACHED


def test_a_text_with_a_code_is_one_part() -> None:
    for words in SHORT.values():
        for text in words.values():
            assert segments(text.format(code="123456", programme="Знак Качества")).parts == 1, text
