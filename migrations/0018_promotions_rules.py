"""What the tables of campaigns promise: nothing below zero, no more back than was given, one digest one code."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
ALTER TABLE discount_application ADD CONSTRAINT discount_application_purchase
    FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE discount_application ADD CONSTRAINT discount_application_line
    FOREIGN KEY (line_id) REFERENCES purchase_line (id) ON DELETE RESTRICT;
ALTER TABLE discount_application ADD CONSTRAINT discount_application_coupon
    FOREIGN KEY (coupon_id) REFERENCES coupon (id) ON DELETE RESTRICT;
ALTER TABLE purchase_promotion ADD CONSTRAINT purchase_promotion_purchase
    FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE campaign_use ADD CONSTRAINT campaign_use_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE coupon ADD CONSTRAINT coupon_of_batch FOREIGN KEY (batch_id) REFERENCES coupon_batch (id) ON DELETE RESTRICT;
ALTER TABLE coupon ADD CONSTRAINT coupon_holder FOREIGN KEY (holder_id) REFERENCES member (id) ON DELETE RESTRICT;

ALTER TABLE discount_application ADD CONSTRAINT discount_application_source
    CHECK (source IN ('TIER', 'CAMPAIGN', 'COUPON') AND (source = 'TIER') = (campaign IS NULL)
           AND (source = 'COUPON') = (coupon_id IS NOT NULL));
ALTER TABLE discount_application ADD CONSTRAINT discount_application_sums
    CHECK (amount >= 0 AND points >= 0 AND refunded_amount BETWEEN 0 AND amount AND refunded_points BETWEEN 0 AND points);
ALTER TABLE campaign_budget ADD CONSTRAINT campaign_budget_never_negative
    CHECK (discount >= 0 AND points >= 0 AND uses >= 0);
ALTER TABLE campaign_use ADD CONSTRAINT campaign_use_never_negative CHECK (uses >= 0);
ALTER TABLE coupon_batch ADD CONSTRAINT coupon_batch_sizes CHECK (codes > 0 AND uses > 0);
ALTER TABLE coupon ADD CONSTRAINT coupon_uses CHECK (uses_left >= 0 AND octet_length(digest) = 32);
CREATE UNIQUE INDEX coupon_digest ON coupon (digest);
CREATE INDEX coupon_holder_codes ON coupon (holder_id) WHERE holder_id IS NOT NULL;
"""

# What was made with the tables goes with them.
BACK = "ALTER TABLE discount_application DROP CONSTRAINT discount_application_coupon"


class Migration(migrations.Migration):
    """The tables of campaigns keep their promises."""

    dependencies = [("models", "0017_promotions")]

    operations = [ops.RunSQL(TABLES, BACK)]
