-- Receipts on the card of somebody who works at the place, one signal a card, a till and a day.
INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state)
SELECT gen_random_uuid(), 'OWN_CARD', concat_ws(' ', 'OWN_CARD', p.card_id, p.till_id, p.business_date), p.member_id,
    p.card_id, p.till_id, p.partner, p.outlet, min(p.closed_at), $1,
    jsonb_build_object('receipts', count(*), 'net', sum(p.net)), 'OPEN'
FROM purchase AS p WHERE p.posted_at > $2 AND p.posted_at <= $3 AND works_at(p.member_id, p.partner, p.outlet, p.till_id)
GROUP BY p.member_id, p.card_id, p.till_id, p.partner, p.outlet, p.business_date ON CONFLICT (key) DO NOTHING
