"""What campaigns gave is kept added up: the panel reads a row a campaign, however many receipts there are.

A receipt writes what it changed as a row of its own and locks nothing: rivals at many tills never wait for a sum.
"""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = """
CREATE FUNCTION note_campaign_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO campaign_change (campaign, receipts, discount, points)
        SELECT campaign, count(DISTINCT purchase_id), sum(amount - refunded_amount), sum(points - refunded_points)
        FROM added WHERE campaign IS NOT NULL GROUP BY campaign;
    ELSE
        INSERT INTO campaign_change (campaign, receipts, discount, points)
        SELECT n.campaign, 0, sum(w.refunded_amount - n.refunded_amount), sum(w.refunded_points - n.refunded_points)
        FROM became AS n JOIN was AS w ON w.id = n.id WHERE n.campaign IS NOT NULL
            AND (w.refunded_amount, w.refunded_points) <> (n.refunded_amount, n.refunded_points) GROUP BY n.campaign;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER discount_application_noted AFTER INSERT ON discount_application REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION note_campaign_change();
CREATE TRIGGER discount_application_changed AFTER UPDATE ON discount_application REFERENCING OLD TABLE AS was NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION note_campaign_change();
INSERT INTO campaign_total (campaign, receipts, discount, points)
    SELECT campaign, count(DISTINCT purchase_id), sum(amount - refunded_amount), sum(points - refunded_points)
    FROM discount_application WHERE campaign IS NOT NULL GROUP BY campaign;
"""
BACK = """
DROP TRIGGER discount_application_changed ON discount_application;
DROP TRIGGER discount_application_noted ON discount_application;
DROP FUNCTION note_campaign_change();
"""


def _sums() -> list[tuple[str, fields.Field[int]]]:
    return [(name, fields.BigIntField()) for name in ("receipts", "discount", "points")]


class Migration(migrations.Migration):
    dependencies = [("models", "0049_events_of_stays")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CampaignTotal",
            fields=[
                ("campaign", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                *_sums(),
            ],
            options={
                "table": "campaign_total",
                "app": "models",
                "pk_attr": "campaign",
                "table_description": "What a campaign gave on all receipts up to its last adding up, less what came back. Receipts, kopecks, points.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CampaignChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("campaign", fields.CharField(max_length=64)),
                *_sums(),
            ],
            options={
                "table": "campaign_change",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a receipt or a return changed of it since, waiting to be added up. A trigger of `discount_application` writes it.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
