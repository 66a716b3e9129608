-- The family that a member sits in, a row a seat. $1 member. What somebody gave and spent is counted since he sits there.
SELECT f.id AS family, f.heir_id AS heir, f.created_at, s.id AS seat, s.member_id AS member, s.role, s.joined_at,
    s.shows_purchases, m.first_name, left(m.last_name, 1) AS initial, b.amount AS accumulated,
    coalesce((SELECT sum(l.issued) FROM points_lot AS l WHERE l.family_id = f.id AND l.contributor_id = s.member_id
        AND l.contributed_from IS NOT NULL AND l.issued_at >= s.joined_at), 0)::bigint AS given,
    coalesce((SELECT sum(u.points - u.restored) FROM points_hold AS h JOIN points_hold_lot AS u ON u.hold_id = h.id
        JOIN points_lot AS l ON l.id = u.lot_id WHERE h.family_id = f.id AND h.member_id = s.member_id
        AND h.status = 'COMMITTED' AND h.created_at >= s.joined_at AND l.family_id = f.id), 0)::bigint AS spent
FROM family_seat AS mine JOIN family AS f ON f.id = mine.family_id
JOIN family_seat AS s ON s.family_id = f.id AND s.left_at IS NULL JOIN member AS m ON m.id = s.member_id
JOIN member_standing AS t ON t.member_id = s.member_id JOIN balance AS b ON b.account_id = t.qualifying_account
WHERE mine.member_id = $1 AND mine.left_at IS NULL ORDER BY s.role <> 'HEAD', s.joined_at, s.id
