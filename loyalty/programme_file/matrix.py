"""The rules of a partner: spread over (service, channel, tier), each cell of which must have exactly one answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from loyalty.programme import Channel, Rule, Service, Tier
from loyalty.programme_file import shapes
from loyalty.programme_file.head import Rates, read_row
from loyalty.programme_file.nodes import Pairs, Scalar
from loyalty.programme_file.reading import Fields, fields_of, misspelt, one_word, percent_of, words_of
from loyalty.texts import Text


@dataclass(frozen=True, slots=True)
class _Answer:
    entry: Fields
    tiers: tuple[Tier, ...]
    rates: Rates
    accumulates: bool
    note: Text | None
    earns: Rates
    redeem_cap: Rates


@dataclass(slots=True)
class Matrix:
    """The cells of one partner while its rules are read."""

    partner: Fields
    services: Mapping[str, Service]
    service_lines: Mapping[str, int]
    tiers: tuple[Tier, ...]
    rates: Mapping[str, Rates]
    has_points: bool
    cells: dict[tuple[str, Channel, str], tuple[Rule, int]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    """Services that a rule may answer for of which something could not be read: a gap there is no second finding."""

    def read(self) -> tuple[Rule, ...]:
        """The rules in the order of services, channels and tiers; gaps and contradictions are findings."""
        nodes = self.partner.entries("rules", "[{services: […], channels: […], discount: …, accumulates: …}]")
        for place, node in enumerate(nodes, 1):
            entry = fields_of(node, f"{self.partner.what}, rule {place}", shapes.RULE, self.partner.findings)
            if entry is not None:
                self._spread(entry)
        for service in self.services.values() if nodes else ():
            for channel in service.channels if service.id not in self.doubtful else ():
                self._find_gap(service.id, channel)
        return tuple(
            self.cells[service.id, channel, tier.id][0]
            for service in self.services.values()
            for channel in service.channels
            for tier in self.tiers
            if (service.id, channel, tier.id) in self.cells
        )

    def _spread(self, entry: Fields) -> None:
        answer = _Answer(
            entry=entry,
            tiers=self._chosen_tiers(entry),
            rates=self._row(entry, "discount"),
            accumulates=bool(entry.flag("accumulates")),
            note=entry.optional_text("note"),
            earns=self._points_row(entry, "earns"),
            redeem_cap=self._points_row(entry, "redeem_cap"),
        )
        channels = [one_word(entry, "channels", word.text, Channel) for word in words_of(entry, "channels", "[TILL]")]
        services = [self._service(entry, word.text) for word in words_of(entry, "services", "[all]")]
        if not channels or None in channels or not answer.tiers:
            self.doubtful.update(service.id for service in services if service)
        if not services or None in services:
            self.doubtful.update(self.services.keys() - {service for service, _, _ in self.cells})
        for service in services:
            for channel in channels:
                if service is not None and channel is not None:
                    self._answer(answer, service, channel)

    def _service(self, entry: Fields, slug: str) -> Service | None:
        if slug in self.service_lines or not self.services:
            # A service that could not be read has its finding where it stands; the rules for it are none the worse.
            return self.services.get(slug)
        message = f'{entry.what}: the partner has no service "{slug[:60]}".'
        known = tuple(self.service_lines)
        meant = misspelt(slug, known, known, message, entry.line_of("services"), entry.findings)
        if meant is not None:
            self.doubtful.add(meant)
        return None

    def _answer(self, answer: _Answer, service: Service, channel: Channel) -> None:
        entry = answer.entry
        if channel not in service.channels:
            entry.wrong(
                "channels",
                f'service "{service.id}" is not sold through {channel}.',
                f"add {channel} to the service's channels, or take it out of this rule.",
            )
            return
        rivals = {self.cells[key][1] for tier in answer.tiers if (key := (service.id, channel, tier.id)) in self.cells}
        if rivals:
            entry.findings.add(
                entry.line,
                f'{entry.what}: service "{service.id}" through {channel} is already answered on line {min(rivals)}.',
                "keep one of the two answers.",
            )
            return
        for tier in answer.tiers:
            # A cell whose row or flag is wrong has its finding there; it is no gap as well.
            rule = Rule(
                service=service.id,
                channel=channel,
                tier=tier.id,
                basis_points=answer.rates.get(tier.id, 0),
                accumulates=answer.accumulates,
                note=answer.note,
                earns=answer.earns.get(tier.id, 0),
                redeem_cap=answer.redeem_cap.get(tier.id, 0),
            )
            self.cells[service.id, channel, tier.id] = (rule, entry.line)

    def _find_gap(self, service: str, channel: Channel) -> None:
        gaps = [tier.id for tier in self.tiers if (service, channel, tier.id) not in self.cells]
        if gaps:
            whom = "any tier" if len(gaps) == len(self.tiers) else f"tier {', '.join(gaps)}"
            self.partner.findings.add(
                self.service_lines[service],
                f'{self.partner.what}: service "{service}" through {channel} has no answer for {whom}.',
                f"add it to a rule of this partner, or take {channel} out of the service's channels.",
            )

    def _points_row(self, entry: Fields, key: str) -> Rates:
        if not entry.has(key):
            return {}
        if not self.has_points:
            entry.wrong(key, "the programme has no points.", "add the section `points`, or leave this field out.")
            return {}
        return self._row(entry, key)

    def _row(self, entry: Fields, key: str) -> Rates:
        node = entry.needed(key, "0")
        if node is None:
            return {}
        if isinstance(node, Pairs):
            return read_row(node, f"{entry.what}, {key}", self._chosen_tiers(entry), entry.findings)
        if isinstance(node, Scalar) and node.text in self.rates:
            return self.rates[node.text]
        if isinstance(node, Scalar) and not node.text[:1].isdigit():
            known = ", ".join(self.rates) or "none yet"
            entry.findings.add(
                entry.line_of(key),
                f'{entry.what}: there is no row "{node.text[:60]}" in rates.',
                f"write a percentage such as `5`, or one of the rows: {known}.",
                cause=("row", node.text),
            )
            return {}
        basis_points = percent_of(entry, key, node)
        return {} if basis_points is None else {tier.id: basis_points for tier in self.tiers}

    def _chosen_tiers(self, entry: Fields) -> tuple[Tier, ...]:
        if not entry.has("tiers"):
            return self.tiers
        known = [tier.id for tier in self.tiers]
        wanted = {
            word.text if word.text in known or not known else self._tier(entry, word.text, known)
            for word in words_of(entry, "tiers", "[some-tier]")
        }
        return tuple(tier for tier in self.tiers if tier.id in wanted)

    def _tier(self, entry: Fields, slug: str, known: list[str]) -> str | None:
        message = f'{entry.what}: there is no tier "{slug[:60]}".'
        return misspelt(slug, known, known, message, entry.line_of("tiers"), entry.findings)
