-- A card shown at two outlets of different cities within $4 minutes: receipts at counters, by when they were closed.
-- $5 is {outlet: city}; of an outlet whose city nobody has written nothing is said.
WITH fresh AS (
    SELECT p.*, $5::jsonb->>p.outlet AS city FROM purchase AS p
    WHERE p.posted_at > $2 AND p.posted_at <= $3 AND p.channel = 'TILL'
), pairs AS (
    SELECT f.id, f.member_id, f.card_id, f.till_id, f.partner, f.outlet, f.city, f.closed_at, o.id AS other,
        o.outlet AS other_outlet, $5::jsonb->>o.outlet AS other_city, o.closed_at AS other_at
    FROM fresh AS f JOIN purchase AS o ON o.member_id = f.member_id AND o.card_id = f.card_id AND o.channel = 'TILL'
        AND o.closed_at BETWEEN f.closed_at - make_interval(mins => $4::int) AND f.closed_at + make_interval(mins => $4::int)
        AND o.outlet <> f.outlet
    WHERE f.city <> $5::jsonb->>o.outlet
)
INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state)
SELECT DISTINCT ON (concat_ws(' ', least(id, other), greatest(id, other))) gen_random_uuid(), 'DISTANT_OUTLETS',
    concat_ws(' ', 'DISTANT_OUTLETS', least(id, other), greatest(id, other)), member_id, card_id, till_id, partner, outlet,
    greatest(closed_at, other_at), $1, jsonb_build_object('city', city, 'other_outlet', other_outlet, 'other_city',
        other_city, 'minutes', ceil(abs(extract(epoch FROM closed_at - other_at)) / 60)), 'OPEN'
FROM pairs ON CONFLICT (key) DO NOTHING
