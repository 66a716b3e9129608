-- Devices that show codes of more than $4 members, one signal for each member more.
WITH fresh AS (
    SELECT DISTINCT device FROM qr_credential WHERE created_at > $2 AND created_at <= $3
), counted AS (
    SELECT f.device, count(DISTINCT q.member_id) AS members, max(q.created_at) AS at
    FROM fresh AS f JOIN qr_credential AS q ON q.device = f.device AND q.created_at <= $3 GROUP BY f.device
)
INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state)
SELECT gen_random_uuid(), 'CARDS_ON_DEVICE', concat_ws(' ', 'CARDS_ON_DEVICE', device, members),
    (SELECT q.member_id FROM qr_credential AS q WHERE q.device = c.device AND q.created_at <= $3
        ORDER BY q.created_at DESC LIMIT 1),
    (SELECT q.card_id FROM qr_credential AS q WHERE q.device = c.device AND q.created_at <= $3
        ORDER BY q.created_at DESC LIMIT 1),
    NULL, NULL, NULL, at, $1, jsonb_build_object('members', members), 'OPEN'
FROM counted AS c WHERE members > $4 ON CONFLICT (key) DO NOTHING
