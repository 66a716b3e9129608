-- What posting must know before it prices: the answer a key may have, the quote with its member, and the newest version.
-- $1 claims of the keys, $2 quotes: a row for each pair, in their order. $3: whether families share their progress.
SELECT o.body_sha256, o.answer, q.id AS quote, q.till_id, q.ticket_id, q.member_id, q.card_id, q.channel, q.lines,
    q.promotions, q.created_at AS quoted_at, q.gross, q.discount, q.net, q.expires_at, q.purchase_id,
    m.status AS member_status, c.status AS card_status,
    b.amount AS accumulated, s.granted_tier, s.granted_until, s.tier_until, s.version AS standing_version,
    (SELECT max(version) FROM programme_version) AS version,
    p.receipt_number AS used_receipt, p.business_date AS used_date, p.outlet AS used_outlet,
    (SELECT by_phone FROM scan_ticket AS t WHERE t.id = q.ticket_id) AS by_phone,
    h.id AS hold_id, h.points AS hold_points, h.worth AS hold_worth, h.status AS hold_status,
    h.confirmation AS hold_confirmation, h.expires_at AS hold_expires_at,
    h.from_family AS hold_from_family,
    CASE WHEN $3::boolean THEN (SELECT f.family_id FROM family_seat AS f WHERE f.member_id = q.member_id AND f.left_at IS NULL)
    END AS family_id
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS w (claim, quote, place)
LEFT JOIN once_answer AS o ON o.id = w.claim
LEFT JOIN quote AS q ON q.id = w.quote
LEFT JOIN member AS m ON m.id = q.member_id
LEFT JOIN card AS c ON c.id = q.card_id
LEFT JOIN member_standing AS s ON s.member_id = q.member_id
LEFT JOIN balance AS b ON b.account_id = s.qualifying_account
LEFT JOIN purchase AS p ON p.id = q.purchase_id
LEFT JOIN LATERAL (
    SELECT * FROM points_hold WHERE quote_id = q.id ORDER BY created_at DESC, id DESC LIMIT 1
) AS h ON true
ORDER BY w.place
