-- What a scan needs: the credential of a handle with its member, card and standing, the ticket this scan may have won
-- before, and until when this till may not try. $1 till, $2 scan id, $3 handle, $4 limit key of till and handle, $5 of the till.
SELECT q.id AS credential, q.member_id, q.card_id, q.sealed, q.state, q.last_step, q.keys_issued_at,
    m.first_name, m.status AS member_status, c.status AS card_status, b.amount AS accumulated,
    s.granted_tier, s.granted_until,
    t.id AS ticket,
    (SELECT max(l.locked_until) FROM limit_counter AS l WHERE l.key IN ($4, $5)) AS locked_until
FROM (SELECT 1) AS one
LEFT JOIN qr_credential AS q ON q.handle = $3
LEFT JOIN member AS m ON m.id = q.member_id
LEFT JOIN card AS c ON c.id = q.card_id
LEFT JOIN member_standing AS s ON s.member_id = q.member_id
LEFT JOIN balance AS b ON b.account_id = s.qualifying_account
LEFT JOIN scan_ticket AS t ON t.till_id = $1 AND t.scan_id = $2
