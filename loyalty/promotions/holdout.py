"""Control groups: who sees nothing of a campaign, decided by a stable hash before anybody is shown anything (INV-26)."""

from hashlib import blake2b

from loyalty.money import PERCENT_WHOLE


def is_held_out(campaign: str, member: str, share: int) -> bool:
    """Whether a member belongs to the control group of a campaign, `share` of all in basis points.

    The same answer in every version, on every machine, for ever; a larger share keeps whoever was in a smaller one.
    Campaigns are independent of each other.
    """
    if not share:
        return False
    digest = blake2b(f"{campaign}\x00{member}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % PERCENT_WHOLE < share
