"""A card that a signal blocked may be given back: the signal says so, and those of a card are found by it."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE fraud_signal DROP CONSTRAINT fraud_signal_states;
ALTER TABLE fraud_signal ADD CONSTRAINT fraud_signal_states
    CHECK (state IN ('OPEN', 'DISMISSED', 'CARD_BLOCKED', 'UNBLOCKED') AND (state = 'OPEN') = (decided_at IS NULL));
CREATE INDEX fraud_signal_card ON fraud_signal (card_id) WHERE state IN ('CARD_BLOCKED', 'UNBLOCKED');
"""

BACK = """
DROP INDEX fraud_signal_card;
UPDATE fraud_signal SET state = 'CARD_BLOCKED' WHERE state = 'UNBLOCKED';
ALTER TABLE fraud_signal DROP CONSTRAINT fraud_signal_states;
ALTER TABLE fraud_signal ADD CONSTRAINT fraud_signal_states
    CHECK (state IN ('OPEN', 'DISMISSED', 'CARD_BLOCKED') AND (state = 'OPEN') = (decided_at IS NULL));
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0054_phones_of_tickets")]

    initial = False

    operations = [ops.RunSQL(SQL, BACK)]
