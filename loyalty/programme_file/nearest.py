"""What somebody meant who misspelt a word: the check reads on with it, so that one slip is one finding."""

from collections.abc import Iterable

SHORT = 5
SLIPS_OF_SHORT, SLIPS = 1, 2


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The one known word a slip or two away; None where no word or more than one is as near."""
    most = SLIPS_OF_SHORT if len(written) <= SHORT else SLIPS
    near = sorted(
        (slips, word)
        for word in known
        if abs(len(word) - len(written)) <= most and (slips := slips_between(written.lower(), word.lower())) <= most
    )
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    return near[0][1]


def slips_between(one: str, other: str) -> int:
    """How many letters were left out, put in, exchanged or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, rival in enumerate(other, 1):
            least = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != rival))
            is_swap = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == rival
            current.append(min(least, before[column - 2] + 1) if is_swap else least)
        before, last = last, current
    return last[-1]
