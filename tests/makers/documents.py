"""Documents that mean harm: the corpus of the guard, each with the name of its trick."""

from typing import Final


def spread_bomb(levels: int, last: str = "programme { name }") -> str:
    """Each fragment spreads the next one twice: 2 to the power of `levels` fields in a few hundred bytes."""
    steps = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ ...F0 }} {steps} fragment F{levels} on Query {{ {last} }}"


def everyone_spreads_everyone(count: int) -> str:
    """Every fragment spreads every other one: cycles without end."""
    names = range(count)
    steps = "".join(
        f"fragment F{n} on Query {{ {' '.join(f'...F{m}' for m in names if m != n)} __typename }}" for n in names
    )
    return f"{{ ...F0 }} {steps}"


def nested_introspection(levels: int) -> str:
    """Types of fields of types of fields: an answer that grows by ten at every level."""
    inner = "name"
    for _ in range(levels):
        inner = f"fields {{ type {{ {inner} }} }}"
    return f"{{ __schema {{ types {{ {inner} }} }} }}"


# Refused before validation or by it, wherever the schema is open; quickly in every case.
HARMFUL: Final[dict[str, str]] = {
    "bomb of spreads": spread_bomb(25),
    "bomb of spreads with aliases": spread_bomb(24, "a: programme { b: name }"),
    "bomb of spreads with nothing inside": spread_bomb(27, "...F27"),
    "bomb of inline fragments": "{"
    + "... on Query { ... {" * 12
    + " __typename "
    + "} }" * 12
    + "}"
    + "".join(f" fragment G{n} on Query {{ ...G{n + 1} ...G{n + 1} }}" for n in range(20))
    + " fragment G20 on Query { __typename }",
    "everyone spreads everyone": everyone_spreads_everyone(12),
    "a fragment of itself": "{ ...A } fragment A on Query { ...A }",
    "unknown fragment": "{ ...Nowhere }",
    "unused fragments": "{ __typename } " + "".join(f"fragment U{n} on Query {{ __typename }}" for n in range(29)),
    "31 fragments": "{ ...U0 } " + "".join(f"fragment U{n} on Query {{ __typename ...U{n + 1} }}" for n in range(31)),
    "16 aliases": "{" + " ".join(f"a{n}: __typename" for n in range(16)) + "}",
    "301 fields": "{" + " ".join(["__typename"] * 301) + "}",
    "two operations": "query A { __typename } query B { __typename }",
    "no operation": "fragment A on Query { __typename }",
    "a type definition": "type Query { a: Int }",
    "51 directives": "{" + " ".join("__typename @include(if: true)" for _ in range(51)) + "}",
    "300 unknown directives": "{ __typename " + "@nope " * 300 + "}",
    "unknown directives": "{ __typename " + " ".join(f"@nope{n}" for n in range(45)) + "}",
    "1001 tokens": "{" + "__typename " * 1001 + "}",
    "17 KB of text": "{ __typename }" + "#" * 17_000,
    "17 KB of Russian text": "{ __typename }" + "#" + "я" * 8_600,
    "unclosed": "{ __typename",
    "brackets": "{" * 400,
    "lists of lists": "query ($a: " + "[" * 300 + "Int" + "]" * 300 + ") { __typename }",
    "a list in a list in a literal": "{ discount(partner: " + "[" * 300 + "]" * 300 + ") { mine { net } } }",
    "introspection of introspection": nested_introspection(6),
    "two root fields of a mutation": "mutation { a: signOut { __typename } b: signOut { __typename } }",
    "two root fields by fragments": "mutation { ...A ...A } fragment A on Mutation { signOut { __typename } }"
    " fragment B on Mutation { c: signOut { __typename } }",
    "two root fields by inline fragments": "mutation { ... { signOut { __typename } } ... { b: signOut { __typename } } }",
    "subscription by POST": "subscription { cardActivity { at } }",
    "two subscriptions": "subscription { a: cardActivity { at } b: cardActivity { at } }",
    "misspelt field": "{ programe { name } }",
    "misspelt argument": '{ discount(partnr: "x", service: "y", channel: TILL) { mine { net } } }',
    "misspelt type": "query ($a: Strin) { __typename }",
    "misspelt enum": '{ discount(partner: "x", service: "y", channel: TIL) { mine { net } } }',
    "defer": "{ programme { ... @defer { name } } }",
    "null document": "\x00",
    "only a comment": "# nothing",
    "only spaces": "   ",
}


# The widest that is allowed: the rule about clashing fields compares each with each.
WIDEST: Final = "{ programme {" + " ".join(["name"] * 299) + "} }"
