"""The cascade of a message: one channel after the other, each step written down before and after the network is asked.

Whoever runs this may die at any statement. What is handed over stands in the table before it is handed over, so the
next worker finds it and asks the gateway about it instead of handing it over again. No transaction is open meanwhile.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypedDict
from uuid import UUID

from integrations.ports import Gateway, Message, Refused, Told, Unavailable, Uncertain
from loyalty.messages import Channel, End, Fate, Move, Resolve, Send, State, Wait, next_move
from models.database import Record
from services.gateways import CALLS, Gateways
from services.messages import attempts, budget, writing
from services.messages.eligibility import NotYet, Suppressed
from services.messages.hooks import callback_url
from services.messages.planning import wake
from services.messages.writing import Written
from services.resources import Resources
from services.work import Work, work

# Longer than a gateway may take to answer, shorter than a job's lease: when the job is taken again, this is over.
HELD: Final = timedelta(seconds=45)
AGAIN: Final = timedelta(seconds=15)
AGAIN_MAX: Final = timedelta(minutes=5)
# No pass of a breaker: how a call ends that went past it says nothing.
PAST: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Something to ask a gateway about one attempt."""

    kind: Literal["hand", "resolve", "ask"]
    attempt_id: UUID
    gateway: Gateway
    message: Message
    handed_at: datetime
    provider_id: str | None = None
    known: frozenset[str] = frozenset()
    is_code: bool = False


class Handing(TypedDict):
    """What is known of an attempt that is being made."""

    id: UUID
    channel: str
    address: str


@dataclass(slots=True)
class Run:
    """What one worker has learnt while it looks at a message: gateways that are away, attempts it has asked about."""

    resources: Resources
    gateways: Gateways
    now: datetime
    away: set[str] = field(default_factory=set)
    asked: set[UUID] = field(default_factory=set)


async def advance(message_id: UUID, resources: Resources, gateways: Gateways, now: datetime) -> None:
    """Do for a message what is to be done now, and have it looked at again when something will be."""
    run = Run(resources, gateways, now)
    while True:
        async with work() as tx:
            message = await attempts.message_of(tx, message_id)
            if message is None or message["state"] == State.SUPPRESSED:
                return
            errand, is_over = await _decided(tx, message, run)
        if errand is not None:
            outcome = await _carried_out(errand, run)
            await _note(message_id, errand, outcome, run)
        elif is_over:
            return


async def _decided(tx: Work, message: Record, run: Run) -> tuple[Errand | None, bool]:
    """(what to ask the network, whether that is all for now); what is handed over is written down here."""
    made = await attempts.attempts_of(tx, message["id"])
    steps = attempts.steps_of(message["channels"], made, run.gateways)
    move = next_move(steps, run.now)
    silent = _silent_one(made, move, run)
    if silent is not None:
        run.asked.add(silent["id"])
        kind: Literal["ask", "resolve"] = "resolve" if silent["fate"] == Fate.HANDING else "ask"
        return await _question(tx, message, silent, kind, run), False
    if isinstance(move, Send):
        return await _to_hand(tx, message, made, move.place, run)
    if isinstance(move, Resolve):
        return await _to_resolve(tx, message, made, move.place, run)
    if isinstance(move, Wait):
        await wake(tx, message["id"], move.until)
    await attempts.keep_state(tx, message, steps, run.now)
    return None, True


def _silent_one(made: list[Record], move: Move, run: Run) -> Record | None:
    """An attempt to ask about once more before its channel is given up: its report may have been lost."""
    goes_on = (isinstance(move, Send) and move.place > 0) or (isinstance(move, End) and move.state is State.SENT)
    open_ones = [
        attempt
        for attempt in made
        if attempt["id"] not in run.asked
        and (
            (attempt["fate"] in {Fate.ACCEPTED, Fate.SENT} and attempt["provider_id"] is not None)
            or (attempt["fate"] == Fate.HANDING and attempt["held_until"] <= run.now)
        )
    ]
    return open_ones[-1] if goes_on and open_ones else None


async def _question(
    tx: Work, message: Record, attempt: Record, kind: Literal["ask", "resolve"], run: Run
) -> Errand | None:
    """Ask the gateway of an attempt about it, if the gateway is still there."""
    gateway, channel = run.gateways.named(attempt["gateway"]), Channel(attempt["channel"])
    if gateway is None:
        return None
    written = await writing.repeated(tx, message, channel, run.resources, run.now)
    return Errand(
        kind=kind,
        attempt_id=attempt["id"],
        gateway=gateway,
        message=_outgoing(attempt, written, gateway, message, run),
        handed_at=attempt["handed_at"],
        provider_id=attempt["provider_id"],
        known=await attempts.known_ids(tx, attempt),
    )


async def _to_resolve(
    tx: Work, message: Record, made: list[Record], place: int, run: Run
) -> tuple[Errand | None, bool]:
    """Ask about a hand-over whose answer never came, once whoever waits for it has had time enough."""
    open_one = next(each for each in made if each["step"] == place and each["fate"] == Fate.HANDING)
    if run.now >= message["expires_at"] and open_one["id"] in run.asked:
        await attempts.set_state(tx, message, State.UNDELIVERED, run.now, "UNKNOWN")
        return None, True
    if open_one["held_until"] > run.now:
        await wake(tx, message["id"], open_one["held_until"])
        return None, True
    run.asked.add(open_one["id"])
    await attempts.hold(tx, open_one["id"], run.now + HELD)
    errand = await _question(tx, message, open_one, "resolve", run)
    if errand is None:  # its gateway was taken out of the settings: nobody can say any more
        await attempts.set_state(tx, message, State.UNDELIVERED, run.now, "UNKNOWN")
    return errand, True


async def _to_hand(tx: Work, message: Record, made: list[Record], place: int, run: Run) -> tuple[Errand | None, bool]:
    """Prepare the next hand-over. Everything that may forbid it is asked here, in its own transaction."""
    now, channel = run.now, Channel(message["channels"][place])
    try:
        addressed = await writing.addressed(tx, message, channel, run.resources, now)
    except Suppressed as reason:
        is_out = any(attempt["provider_id"] is not None for attempt in made)
        await attempts.set_state(tx, message, State.SENT if is_out else State.SUPPRESSED, now, str(reason))
        return None, True
    except NotYet as moment:
        await attempts.set_state(tx, message, State.PLANNED, now, "HOURS")
        await wake(tx, message["id"], moment.until)
        return None, True
    if now >= message["expires_at"]:
        await attempts.set_state(tx, message, State.UNDELIVERED, now, "EXPIRED")
        return None, True
    if isinstance(addressed, str):
        await attempts.skip(tx, message, place, addressed, now)
        return None, False
    to, written = addressed
    tried = {attempt["gateway"] for attempt in made if attempt["step"] == place} | run.away
    ready = [
        gateway
        for gateway in run.gateways.carrying(channel)
        if gateway.name not in tried and run.gateways.gate(gateway.name).lets_through(now)
    ]
    if not ready:
        return await _without_gateway(tx, message, place, run)
    deadline = now + timedelta(seconds=message["wait_seconds"])
    expected = run.resources.tariff.cost(ready[0].name, channel, to, written.text)
    if not await budget.affords(tx, expected, run.resources, now):
        await attempts.skip(tx, message, place, "BUDGET", now)
        return None, False
    attempt_id = await attempts.add(
        *(tx, message, place),
        gateway=ready[0].name,
        address=to,
        expected=expected,
        now=now,
        held_until=now + HELD,
        deadline_at=deadline,
    )
    handing: Handing = {"id": attempt_id, "channel": channel.value, "address": to}
    outgoing = _outgoing(handing, written, ready[0], message, run)
    is_code = message["code_id"] is not None
    return Errand(
        kind="hand", attempt_id=attempt_id, gateway=ready[0], message=outgoing, handed_at=now, is_code=is_code
    ), False


async def _without_gateway(tx: Work, message: Record, place: int, run: Run) -> tuple[None, bool]:
    """Every gateway of a channel is away. A code does not wait for them; the rest waits as long as a silence may last."""
    is_last = place == len(message["channels"]) - 1
    patience = timedelta(seconds=0 if message["code_id"] is not None else (place + 1) * message["wait_seconds"])
    has_any = run.gateways.carrying(Channel(message["channels"][place]))
    if not has_any or (not is_last and run.now >= message["created_at"] + patience):
        await attempts.skip(tx, message, place, "NO_GATEWAY", run.now)
        return None, False
    await attempts.set_state(tx, message, State.ELIGIBLE, run.now, "NO_GATEWAY")
    await wake(tx, message["id"], run.now + _pause(message, run.now))
    return None, True


def _pause(message: Record, now: datetime) -> timedelta:
    """How long to leave a message alone: the longer it has lasted, the longer."""
    age: timedelta = now - message["created_at"]
    return min(max(AGAIN, age / 4), AGAIN_MAX)


def _outgoing(attempt: Record | Handing, written: Written, gateway: Gateway, message: Record, run: Run) -> Message:
    return Message(
        id=attempt["id"],
        channel=Channel(attempt["channel"]),
        to=attempt["address"],
        text=written.text,
        subject=written.subject,
        html=written.html,
        callback_url=callback_url(run.gateways.hooks, gateway.name, run.resources.keyring),
        lives_seconds=max(0, int((message["expires_at"] - run.now).total_seconds())),
    )


async def _carried_out(errand: Errand, run: Run) -> Told | Exception | None:
    """Ask the gateway. Its answer, its refusal, or its silence comes back as a value."""
    gateway, contacts = errand.gateway, run.resources.contacts
    gate = run.gateways.gate(gateway.name)
    try:
        entry = gate.enter(run.now)
    except Unavailable as held:
        # Whoever asks about what was handed over goes past: an account without money answers questions.
        if errand.kind != "ask":
            return held
        entry = PAST
    told: Told | None
    try:
        told = await _asked(errand, run)
    except budget.Spent as spent:
        gate.leave(entry)
        return spent
    except Refused as refusal:
        CALLS.labels(gateway.name, "refused").inc()
        gate.note(entry, run.now)
        contacts.note(gateway.name, refusal)
        return refusal
    except Unavailable as error:
        CALLS.labels(gateway.name, "uncertain" if isinstance(error, Uncertain) else "unavailable").inc()
        gate.note(entry, run.now, error)
        contacts.note(gateway.name, error, gate.held_seconds(run.now))
        return error
    except BaseException:
        gate.leave(entry)
        raise
    CALLS.labels(gateway.name, "ok").inc()
    gate.note(entry, run.now)
    contacts.note(gateway.name)
    return told


async def _asked(errand: Errand, run: Run) -> Told | None:
    gateway, message = errand.gateway, errand.message
    if errand.is_code and not await budget.allows(message.channel, message.to, run.resources, run.now):
        raise budget.Spent
    if errand.kind == "hand":
        return await gateway.send(message)
    if errand.kind == "resolve":
        return await gateway.resolve(message, handed_at=errand.handed_at, known=errand.known)
    return await gateway.ask(str(errand.provider_id), message)


async def _note(message_id: UUID, errand: Errand, outcome: Told | Exception | None, run: Run) -> None:
    """Write down what became of an errand."""
    async with work() as tx:
        message = await attempts.message_of(tx, message_id)
        made = await attempts.attempts_of(tx, message_id)
        attempt = next((each for each in made if each["id"] == errand.attempt_id), None)
        if message is None or attempt is None:
            return
        if isinstance(outcome, Told):
            await attempts.keep_told(tx, attempt, outcome, run.now)
        elif errand.kind == "ask":
            return  # no news: the deadline decides
        elif isinstance(outcome, budget.Spent):
            await attempts.fail(tx, attempt, "BUDGET", run.now, whole_step=True)
        elif isinstance(outcome, Refused):
            await attempts.fail(tx, attempt, f"refused: {outcome}", run.now)
        elif outcome is None or (errand.kind == "hand" and not isinstance(outcome, Uncertain)):
            await attempts.forget(tx, attempt)
            if outcome is not None:
                run.away.add(errand.gateway.name)
        else:
            # It may have been taken: nothing is handed over again before the gateway has said that it was not.
            await attempts.hold(tx, errand.attempt_id, run.now + _pause(message, run.now))
