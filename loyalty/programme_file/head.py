"""The parts of a programme file before its partners: tiers, rates, legal texts."""

from collections.abc import Mapping
from typing import TypeAlias

from loyalty.programme import Document, DocumentKind, Tier
from loyalty.programme_file import shapes
from loyalty.programme_file.findings import Findings
from loyalty.programme_file.nodes import Node, Pairs
from loyalty.programme_file.reading import Fields, fields_of, percent_of
from loyalty.texts import Text

DOCUMENT_LENGTH_MAX = 50_000
VERSION_LENGTH_MAX = 32
TIERS_MAX = 20

Rates: TypeAlias = Mapping[str, int]
"""Basis points by the slug of the tier."""


def read_tiers(fields: Fields) -> tuple[Tier, ...]:
    """The tiers: slugs once, thresholds rising from 0."""
    tiers: list[Tier] = []
    for node in fields.entries("tiers", "[{id: first, name: …, threshold: 0}]"):
        tier = fields_of(node, f"tier {len(tiers) + 1}", shapes.TIER, fields.findings)
        if tier is None:
            continue
        slug, name, threshold = tier.slug(), tier.text("name"), tier.money("threshold")
        if slug is None:
            continue
        tier.what = f'tier "{slug}"'
        if name is None or threshold is None:
            # Rows and rules that name it are none the worse: it stands in for what its finding asks for.
            tiers.append(Tier(slug, name or Text(slug), tiers[-1].threshold + 1 if tiers else 0))
            continue
        if any(slug == other.id for other in tiers):
            tier.wrong("id", "this slug is already a tier.", "give each tier a slug of its own.")
        if not tiers and threshold:
            tier.wrong("threshold", "the first tier must be there for everybody.", "write `threshold: 0`.")
        if tiers and threshold <= tiers[-1].threshold:
            tier.wrong(
                "threshold",
                "thresholds must rise from tier to tier.",
                f'write more than the threshold of "{tiers[-1].id}", or change their order.',
            )
        tiers.append(Tier(slug, name, threshold))
    if len(tiers) > TIERS_MAX:
        fields.wrong("tiers", f"there are more than {TIERS_MAX} tiers.", "merge some.")
    return tuple(tiers)


def read_rates(fields: Fields, tiers: tuple[Tier, ...]) -> Mapping[str, Rates]:
    """The named rows of percentages that rules refer to."""
    if not fields.has("rates"):
        return {}
    node = fields.by_key["rates"]
    if not isinstance(node, Pairs):
        fields.wrong("rates", '"rates" is not a map of rows.', "write `rates: {usual: {first-tier: 0, …}}`.")
        return {}
    rows: dict[str, Rates] = {}
    for name, row in node.pairs:
        if name.text in rows:
            fields.findings.add(name.line, f'rates: the row "{name.text}" is written twice.', "keep one of the two.")
        rows[name.text] = read_row(row, f'rates, row "{name.text}"', tiers, fields.findings)
    return rows


def read_row(node: Node, what: str, tiers: tuple[Tier, ...], findings: Findings) -> Rates:
    """One row: a percentage for every tier, since a gap would leave some guest without an answer."""
    row = fields_of(node, what, [tier.id for tier in tiers], findings) if tiers else None
    if row is None:
        return {}
    rates: dict[str, int] = {}
    for tier in tiers:
        percentage = row.needed(tier.id, "0")
        basis_points = None if percentage is None else percent_of(row, tier.id, percentage)
        if basis_points is not None:
            rates[tier.id] = basis_points
    return rates


def read_documents(fields: Fields) -> tuple[Document, ...]:
    """The legal texts: one of each kind."""
    documents: list[Document] = []
    for node in fields.entries("documents", "[{id: offer-1, kind: OFFER, version: …, title: …, text: …}]"):
        entry = fields_of(node, f"document {len(documents) + 1}", shapes.DOCUMENT, fields.findings)
        if entry is None:
            continue
        document = _document(entry)
        if document is None:
            continue
        if any(document.id == other.id for other in documents):
            entry.wrong("id", f'"{document.id}" is already a document.', "give each version of a text its own slug.")
        if any(document.kind == other.kind for other in documents):
            entry.wrong("kind", f"there is already a text of kind {document.kind}.", "keep the one in force.")
        documents.append(document)
    missing = [kind.value for kind in DocumentKind if kind not in {document.kind for document in documents}]
    if missing and fields.has("documents"):
        fields.wrong("documents", f"no text of kind {', '.join(missing)}.", "add it: members agree to each apart.")
    return tuple(documents)


def _document(entry: Fields) -> Document | None:
    slug, kind, version = entry.slug(), entry.one_of("kind", DocumentKind), entry.scalar("version", '"1.0"')
    title = entry.text("title")
    text = entry.text("text", length_max=DOCUMENT_LENGTH_MAX, lines=True)
    if version is not None and not 0 < len(version) <= VERSION_LENGTH_MAX:
        entry.wrong("version", "the version is empty or too long.", f"keep it within {VERSION_LENGTH_MAX} characters.")
        return None
    if slug is None or kind is None or version is None or title is None or text is None:
        return None
    return Document(slug, kind, version, title, text)
