"""What a new version may not take from an old one: the slugs that tills, receipts and consents were written with."""

from collections.abc import Mapping

from loyalty.programme import Programme
from loyalty.programme_file.reading import Fields, words_of


def check_continuity(fields: Fields, new: Programme, old: Programme) -> None:
    """Compare with the version in force. A slug that is gone must be named under `retired`, so that it is no slip."""
    if new.id != old.id:
        fields.wrong("id", f'the programme in force is "{old.id}".', f"write `id: {old.id}`, or use another database.")
        return
    if new.currency != old.currency:
        fields.wrong("currency", "the currency of a running programme cannot change.", f"write {old.currency}.")
    _check_slugs(fields, _slugs(new), _slugs(old))
    _check_moved_outlets(fields, new, old)
    _check_documents(fields, new, old)
    gone = [tier.id for tier in old.tiers if tier.id not in new.tiers_by_id]
    if gone:
        fields.findings.notice(
            fields.line_of("tiers"),
            f"tiers {', '.join(gone)} end with this version.",
            "Members are placed by their sums; old receipts keep the tier and the version that priced them.",
        )


def _slugs(programme: Programme) -> Mapping[str, str]:
    named: dict[str, str] = {}
    for partner in programme.partners:
        named[partner.id] = f'partner "{partner.id}"'
        named.update({f"{partner.id}/{outlet.id}": f'outlet "{outlet.id}"' for outlet in partner.outlets})
        named.update({f"{partner.id}/{service.id}": f'service "{service.id}"' for service in partner.services})
    return named


def _check_slugs(fields: Fields, new: Mapping[str, str], old: Mapping[str, str]) -> None:
    retired = {word.text: word.line for word in words_of(fields, "retired", "[…]")} if fields.has("retired") else {}
    for path, line in retired.items():
        if path in new:
            fields.findings.add(line, f'"{path}" is retired and still in the file.', "keep it in one place.")
    for path, noun in old.items():
        partner = path.partition("/")[0]
        if path in new or path in retired or (path != partner and partner not in new):
            continue  # a partner that is gone is told once, not with everything it had
        fields.findings.add(
            fields.line_of("partners"),
            f"{noun}{'' if path == partner else f' of {partner}'} was in the version in force and is gone;"
            " tills and receipts are written with this slug.",
            f'bring it back, or write `retired: ["{path}"]` if it is closed for good.',
        )


def _check_moved_outlets(fields: Fields, new: Programme, old: Programme) -> None:
    homes = {outlet.id: partner.id for partner in old.partners for outlet in partner.outlets}
    for partner in new.partners:
        for outlet in partner.outlets:
            if homes.get(outlet.id, partner.id) != partner.id:
                fields.wrong(
                    "partners",
                    f'outlet "{outlet.id}" belonged to {homes[outlet.id]} and now stands at {partner.id}.',
                    "give the new outlet a slug of its own: old receipts stay with the old partner.",
                )


def _check_documents(fields: Fields, new: Programme, old: Programme) -> None:
    for document in new.documents:
        earlier = old.documents_by_id.get(document.id)
        if earlier is not None and (earlier.kind, earlier.version, earlier.sha256) != (
            document.kind,
            document.version,
            document.sha256,
        ):
            fields.wrong(
                "documents",
                f'the text of "{document.id}" has changed, and members agreed to the old one.',
                f'give the new text a new id and version, such as "{document.id}-2".',
            )
