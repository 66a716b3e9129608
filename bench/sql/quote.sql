-- The logical statements of one quote, one by one. The ticket of guest number n waits under an id that ends in n.
\set n random(1, :guests)
SELECT t.id AS ticket, t.till_id AS till, t.member_id AS member, t.card_id AS card, b.amount AS holding
    FROM scan_ticket AS t JOIN member AS m ON m.id = t.member_id AND m.status = 'ACTIVE'
    JOIN card AS c ON c.id = t.card_id AND c.status = 'ACTIVE'
    JOIN member_standing AS s ON s.member_id = t.member_id JOIN balance AS b ON b.account_id = s.qualifying_account
    WHERE t.id = ('00000000-0000-4000-8000-' || lpad(:n::text, 12, '0'))::uuid \gset
INSERT INTO quote (id, till_id, ticket_id, member_id, card_id, channel, programme_version, tier, gross, discount, net,
        lines, created_at, expires_at)
    VALUES (gen_random_uuid(), :till::uuid, :ticket::uuid, :member::uuid, :card::uuid, 'TILL', 1, 'dreamer', 90000, 4500,
        85500, '[{"net": 42750, "name": "Ужин", "gross": 45000, "reasons": [{"code": "discount", "tier": "pioneer",
        "basis_points": 500}, {"code": "counts"}], "service": "all", "discount": 2250, "quantity": 1000, "accumulates": true,
        "basis_points": 500}, {"net": 42750, "name": "Завтрак", "gross": 45000, "reasons": [{"code": "discount", "tier":
        "pioneer", "basis_points": 500}, {"code": "counts"}], "service": "all", "discount": 2250, "quantity": 1000,
        "accumulates": true, "basis_points": 500}]'::jsonb, now(), now() + interval '10 minutes');
