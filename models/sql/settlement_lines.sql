-- A page of the facts a month counts, newest first: $2 the month, $3 whether it is closed. $1 partners of the reader, null
-- for all; $4 since, $5 prices, $6 zone, $7 the first open month, for one that is not closed; $8 what is earlier is late;
-- $9 issuer, $10 partner, $11 kind, or null; $12 and $13 the place to go on from, or null; $14 rows. A month that closes
-- before this runs, and after $3 was read, has its facts in the first half by then.
WITH facts AS (
    SELECT transaction_id, kind, lot_id, issuer, partner, points, price, due, purchase_id, occurred_at, recorded_at
    FROM settlement_line WHERE month = $2::date
    UNION ALL
    SELECT transaction_id, kind, lot_id, issuer, partner, points, price, due, purchase_id, occurred_at, recorded_at
    FROM open_settlement($4, $5::jsonb)
    WHERE NOT $3 AND greatest(date_trunc('month', occurred_at AT TIME ZONE $6)::date, $7::date) = $2::date
), mine AS (
    SELECT f.*, md5(concat_ws('|', f.transaction_id, f.kind, f.lot_id, f.partner))::uuid AS id FROM facts AS f
    WHERE ($1::text[] IS NULL OR f.issuer = ANY ($1) OR f.partner = ANY ($1))
        AND ($9::text IS NULL OR f.issuer = $9) AND ($10::text IS NULL OR f.partner = $10) AND ($11::text IS NULL OR f.kind = $11)
)
-- A receipt is told to its own partner and to the whole programme alone.
SELECT m.id, m.kind, m.lot_id, m.issuer, m.partner, m.points, m.price, m.due, m.occurred_at, m.recorded_at,
    m.occurred_at < $8 AS is_late, l.issued_at, l.expires_at,
    CASE WHEN $1 IS NULL OR p.partner = ANY ($1) THEN p.receipt_number END AS receipt_number,
    CASE WHEN $1 IS NULL OR p.partner = ANY ($1) THEN p.outlet END AS outlet
FROM mine AS m LEFT JOIN points_lot AS l ON l.id = m.lot_id LEFT JOIN purchase AS p ON p.id = m.purchase_id
WHERE $12::timestamptz IS NULL OR (m.occurred_at, m.id) < ($12, $13::uuid)
ORDER BY m.occurred_at DESC, m.id DESC LIMIT $14
