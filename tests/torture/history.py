"""What clients asked and were told, and whether a last look at the database agrees: nothing lost, nothing doubled."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

Answer = Mapping[str, Any]
DONE: Final = {"PurchasePosted", "PurchaseRefunded"}


@dataclass
class Command:
    """A command with its key. `answers` are all it ever heard; `lost` counts the times it heard nothing."""

    kind: str  # post | refund
    number: str
    member: str
    answers: list[Answer] = field(default_factory=list)
    lost: int = 0

    @property
    def done(self) -> Answer | None:
        """The first answer that says it was done."""
        return next((answer for answer in self.answers if answer["__typename"] in DONE), None)

    @property
    def is_refused(self) -> bool:
        """Whether the last word on it was no: nothing of it may be there."""
        return bool(self.answers) and self.done is None


@dataclass
class History:
    """Everything that was asked, in the order of asking."""

    commands: list[Command] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    interruptions: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Command]:
        """The commands of a kind."""
        return [command for command in self.commands if command.kind == kind]

    @property
    def answered(self) -> int:
        """How many commands were told that they were done."""
        return sum(command.done is not None for command in self.commands)

    @property
    def replays(self) -> int:
        """How many more times an answered command heard its answer."""
        return sum(len(command.answers) - 1 for command in self.commands if command.done is not None)

    @property
    def lost_answers(self) -> int:
        """How many times a command heard nothing, so that it had to be repeated or was given up."""
        return sum(command.lost for command in self.commands)


@dataclass(frozen=True)
class FinalRead:
    """What stands in the database when everything has come to rest. Money in kopecks, points whole."""

    purchases: Sequence[Mapping[str, Any]]  # id, number, member, net, earned, spent
    refunds: Sequence[Mapping[str, Any]]  # id, number, member, net, given, taken
    standings: Mapping[str, Mapping[str, int]]  # member → purchases, points (all four balances added up)
    holds: Mapping[str, int]  # status → how many


@dataclass
class Verdict:
    """What the check found; every list is empty when all is well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.lost or self.doubled or self.wrong)


def check(history: History, read: FinalRead, *, granted: int) -> Verdict:
    """I-01, I-08, I-12: answered is there once with what was told, refused is absent, unknown is there once or not."""
    verdict = Verdict(wrong=list(history.faults))
    for kind, rows in (("post", read.purchases), ("refund", read.refunds)):
        _present(history.of(kind), rows, verdict)
    for command in history.commands:
        if any(answer != command.done for answer in command.answers) and command.done is not None:
            verdict.wrong.append(f"{command.kind} {command.number}: told differently when asked again")
    _balances(history, read, verdict, granted)
    if read.holds.get("ACTIVE"):
        verdict.wrong.append(f"{read.holds['ACTIVE']} reservations never ended")
    return verdict


def _present(commands: Sequence[Command], rows: Sequence[Mapping[str, Any]], verdict: Verdict) -> None:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["number"], []).append(row)
    for command in commands:
        there = found.pop(command.number, [])
        name = f"{command.kind} {command.number}"
        if len(there) > 1:
            verdict.doubled.append(f"{name} is there {len(there)} times")
        if command.done is None:
            if there and command.is_refused:
                verdict.doubled.append(f"{name} was refused and is there")
            continue
        if not there:
            verdict.lost.append(f"{name} was answered and is not there")
            continue
        told = _told(command.done)
        kept = {key: there[0][key] for key in told}
        if kept != told:
            verdict.wrong.append(f"{name}: told {told}, kept {kept}")
    verdict.doubled += [f"{number} is there and nobody asked for it" for number in found]


def _told(answer: Answer) -> dict[str, Any]:
    """What an answer says of its row."""
    if answer["__typename"] == "PurchasePosted":
        purchase, points = answer["purchase"], answer["purchase"]["points"]
        return {
            "id": purchase["id"],
            "net": kopecks(purchase["net"]),
            "earned": points["earned"],
            "spent": points["spent"],
        }
    refund, back = answer["refund"], answer["refund"]["points"] or {"givenBack": 0, "takenBack": 0}
    return {
        "id": refund["id"],
        "net": kopecks(refund["net"]),
        "given": back["givenBack"],
        "taken": back["takenBack"],
    }


def _balances(history: History, read: FinalRead, verdict: Verdict, granted: int) -> None:
    """Each member's sums from the answers alone, and from the rows only where no answer ever came."""
    money: Counter[str] = Counter()
    points: Counter[str] = Counter(dict.fromkeys(read.standings, granted))
    rows = {row["number"]: row for row in (*read.purchases, *read.refunds)}
    for command in history.commands:
        told = rows.get(command.number) if command.done is None else _told(command.done)
        if told is None:
            continue
        if command.kind == "post":
            money[command.member] += told["net"]
            points[command.member] += told["earned"] - told["spent"]
        else:
            money[command.member] -= told["net"]
            points[command.member] += told["given"] - told["taken"]
    for member, standing in read.standings.items():
        kept = (standing["purchases"], standing["points"])
        if kept != (money[member], points[member]):
            verdict.wrong.append(f"member {member}: kept {kept}, the answers add up to {money[member], points[member]}")


def kopecks(text: str) -> int:
    """The kopecks of a sum as it is told."""
    return int(Decimal(text) * 100)
