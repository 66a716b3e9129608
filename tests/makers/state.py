"""The state of the database as one number a table, to see that nothing has changed."""

from uuid import UUID

from models import database

# Tries are counted and refusals of the staff noted when nothing else moves; that is what these tables are for.
COUNTERS = {"limit_counter", "audit_event", "tortoise_migrations"}
BOOKS = ("purchase", "purchase_line", "tender", "refund", "refund_line", "balance", "member_standing")
# What names a row or tells when it was written is another one at every run; everything else must be the same.
OWN = ("id", "posted_at", "recorded_at", "purchase_id", "refund_id", "line_id", "account_id", "version", "card_id")


async def state(*, everything: bool = False) -> dict[str, str]:
    """A digest of every table's rows, of what counts and notes too if `everything`."""
    names = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    tables = [row["tablename"] for row in names if everything or row["tablename"] not in COUNTERS]
    digests = ", ".join(
        f"(SELECT count(*) || ' ' || coalesce(md5(string_agg(r::text, '|' ORDER BY r::text)), '') FROM \"{name}\" AS r)"
        for name in tables
    )
    row = await database.fetchrow(f"SELECT {digests}")
    assert row is not None
    return dict(zip(tables, row.values(), strict=True))


async def books(member: UUID) -> str:
    """Every fact of the books but for names and moments of writing, and the tier of a member."""
    parts = []
    for table in BOOKS:
        rows = await database.fetch(f"SELECT to_jsonb(t) - $1::text[] AS facts FROM {table} AS t ORDER BY 1", [*OWN])
        parts.append("\n".join(row["facts"] for row in rows))
    tier = await database.fetchval("SELECT tier FROM tier_period WHERE member_id = $1 AND until IS NULL", member)
    return "\n".join([*parts, tier])


async def last_write() -> int:
    """A number that stays while nobody writes anywhere in the server: the next transaction that may change something."""
    number: int = await database.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    return number
