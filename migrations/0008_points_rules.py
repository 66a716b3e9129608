"""What the tables of points promise."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
ALTER TABLE member_points ADD CONSTRAINT member_points_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_transaction
    FOREIGN KEY (transaction_id) REFERENCES ledger_transaction (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_restored
    FOREIGN KEY (restored_from) REFERENCES points_lot (id) ON DELETE RESTRICT;
ALTER TABLE points_lot_move ADD CONSTRAINT points_lot_move_lot
    FOREIGN KEY (lot_id) REFERENCES points_lot (id) ON DELETE RESTRICT;
ALTER TABLE points_lot_move ADD CONSTRAINT points_lot_move_transaction
    FOREIGN KEY (transaction_id) REFERENCES ledger_transaction (id) ON DELETE RESTRICT;
ALTER TABLE points_hold ADD CONSTRAINT points_hold_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE points_hold ADD CONSTRAINT points_hold_purchase
    FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE points_hold_lot ADD CONSTRAINT points_hold_lot_hold
    FOREIGN KEY (hold_id) REFERENCES points_hold (id) ON DELETE RESTRICT;
ALTER TABLE points_hold_lot ADD CONSTRAINT points_hold_lot_lot
    FOREIGN KEY (lot_id) REFERENCES points_lot (id) ON DELETE RESTRICT;

ALTER TABLE member_points ADD CONSTRAINT member_points_never_negative
    CHECK (available >= 0 AND pending >= 0 AND held >= 0 AND debt >= 0 AND earned >= 0);
ALTER TABLE points_lot ADD CONSTRAINT points_lot_sums
    CHECK (issued > 0 AND remaining BETWEEN 0 AND issued AND status IN ('PENDING', 'ACTIVE'));
ALTER TABLE points_lot_move ADD CONSTRAINT points_lot_move_moves CHECK (amount <> 0);
ALTER TABLE points_hold ADD CONSTRAINT points_hold_states
    CHECK (points > 0 AND worth > 0 AND status IN ('ACTIVE', 'COMMITTED', 'RELEASED', 'EXPIRED')
           AND confirmation IN ('NOT_NEEDED', 'ASKED', 'GIVEN', 'DECLINED')
           AND (status = 'ACTIVE') = (ended_at IS NULL) AND (status = 'COMMITTED') = (purchase_id IS NOT NULL)
           AND (status <> 'COMMITTED' OR confirmation IN ('NOT_NEEDED', 'GIVEN')));
ALTER TABLE points_hold_lot ADD CONSTRAINT points_hold_lot_sums CHECK (points > 0 AND restored BETWEEN 0 AND points);
ALTER TABLE purchase_line ADD CONSTRAINT purchase_line_points
    CHECK (points_paid BETWEEN 0 AND net AND points_spent >= 0 AND points_earned >= 0
           AND refunded_points_paid BETWEEN 0 AND points_paid AND refunded_points_spent BETWEEN 0 AND points_spent
           AND refunded_points_earned BETWEEN 0 AND points_earned);
ALTER TABLE refund_line ADD CONSTRAINT refund_line_points
    CHECK (points_paid BETWEEN 0 AND net AND points_spent >= 0 AND points_earned >= 0);

CREATE INDEX points_lot_open ON points_lot (member_id, expires_at, issued_at) WHERE remaining > 0;
CREATE INDEX points_lot_activation ON points_lot (activates_at) WHERE status = 'PENDING' AND remaining > 0;
CREATE INDEX points_lot_expiry ON points_lot (expires_at) WHERE status = 'ACTIVE' AND remaining > 0;
CREATE UNIQUE INDEX points_hold_one_a_quote ON points_hold (quote_id) WHERE status = 'ACTIVE';
CREATE INDEX points_hold_ticket ON points_hold (ticket_id) WHERE status = 'ACTIVE';
CREATE UNIQUE INDEX points_hold_receipt ON points_hold (purchase_id) WHERE status = 'COMMITTED';
CREATE INDEX points_hold_quote ON points_hold (quote_id);
CREATE INDEX points_hold_recent ON points_hold (member_id, created_at);
CREATE INDEX points_hold_expiry ON points_hold (expires_at) WHERE status = 'ACTIVE';
CREATE TRIGGER points_lot_move_append_only BEFORE UPDATE OR DELETE ON points_lot_move
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
"""

BACK = """
DROP TRIGGER points_lot_move_append_only ON points_lot_move;
ALTER TABLE refund_line DROP CONSTRAINT refund_line_points;
ALTER TABLE purchase_line DROP CONSTRAINT purchase_line_points;
"""


class Migration(migrations.Migration):
    """The tables of points keep their promises; what follows with them goes with them."""

    dependencies = [("models", "0007_points")]

    operations = [ops.RunSQL(TABLES, BACK)]
