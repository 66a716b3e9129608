-- The logical statements of one post, one by one. Quote number n waits under an id that ends in n.
\set i :i + 1
\set n :base + :i * :clients + :client_id
BEGIN;
INSERT INTO once_answer (id, operation, body_sha256, answer, created_at)
    VALUES (gen_random_uuid(), 'postPurchase', decode(repeat('5a', 32), 'hex'), NULL, now()) RETURNING id AS claim \gset
SELECT q.id AS quote, q.member_id AS member, q.card_id AS card, q.till_id AS till, t.partner, t.outlet, q.channel, q.tier,
        q.gross, q.discount, q.net, (SELECT max(version) FROM programme_version) AS version,
        (SELECT coalesce(sum((l->>'net')::bigint), 0) FROM jsonb_array_elements(q.lines) AS l
            WHERE (l->>'accumulates')::boolean) AS counted
    FROM quote AS q JOIN till AS t ON t.id = q.till_id
    JOIN member AS m ON m.id = q.member_id AND m.status = 'ACTIVE'
    JOIN card AS c ON c.id = q.card_id AND c.status = 'ACTIVE'
    WHERE q.id = ('00000000-0000-7000-8000-' || lpad(:n::text, 12, '0'))::uuid AND q.purchase_id IS NULL \gset
SELECT s.qualifying_account AS account, b.amount AS holding
    FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account
    WHERE s.member_id = :member::uuid FOR UPDATE OF s \gset
INSERT INTO purchase (id, member_id, card_id, till_id, partner, outlet, channel, receipt_number, business_date, closed_at,
        posted_at, programme_version, tier, gross, discount, net, accumulated, refunded_net, refunded_discount,
        refunded_accumulated)
    VALUES (gen_random_uuid(), :member::uuid, :card::uuid, :till::uuid, :partner, :outlet, :channel, 'R' || :n::text,
        current_date, now(), now(), :version::int, :tier, :gross::bigint, :discount::bigint, :net::bigint,
        :counted::bigint, 0, 0, 0) RETURNING id AS purchase \gset
INSERT INTO purchase_line (id, purchase_id, position, service, name, quantity, gross, discount, net, accumulates,
        basis_points, reasons, refunded_part, refunded_net, refunded_discount)
    SELECT gen_random_uuid(), :purchase::uuid, row_number() OVER () - 1, l.service, l.name, l.quantity, l.gross, l.discount,
        l.net, l.accumulates, l.basis_points, l.reasons, 0, 0, 0
    FROM quote AS q, jsonb_to_recordset(q.lines) AS l (service text, name text, quantity bigint, gross bigint,
        discount bigint, net bigint, accumulates boolean, basis_points int, reasons jsonb)
    WHERE q.id = :quote::uuid;
INSERT INTO tender (id, purchase_id, kind, amount) VALUES (gen_random_uuid(), :purchase::uuid, 'CARD', :net::bigint);
\if :counted > 0
INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
    VALUES (gen_random_uuid(), 'PURCHASE', :purchase::uuid, NULL, now(), now()) RETURNING id AS movement \gset
INSERT INTO entry (transaction_id, account_id, unit, amount) VALUES
    (:movement::uuid, '00000000-0000-7000-8000-000000000001', 'QRUB', -(:counted::bigint)),
    (:movement::uuid, :account::uuid, 'QRUB', :counted::bigint);
UPDATE balance SET amount = amount + :counted::bigint, version = version + 1 WHERE account_id = :account::uuid;
\endif
\if :points
\set gain :counted * :points / 10000
\if :gain > 0
SELECT open_points(:member::uuid);
INSERT INTO account (id, owner_kind, owner, purpose, unit)
    SELECT points_account('PARTNER', :partner, 'issued'), 'PARTNER', :partner, 'issued', 'PTS'
    WHERE NOT EXISTS (SELECT FROM account WHERE id = points_account('PARTNER', :partner, 'issued')) ON CONFLICT DO NOTHING;
INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
    VALUES (gen_random_uuid(), 'POINTS_EARNED', :purchase::uuid, NULL, now(), now()) RETURNING id AS earned \gset
INSERT INTO entry (transaction_id, account_id, unit, amount) VALUES
    (:earned::uuid, points_account('PARTNER', :partner, 'issued'), 'PTS', -(:gain::bigint)),
    (:earned::uuid, points_account('MEMBER', :member::text, 'available'), 'PTS', :gain::bigint);
UPDATE member_points SET available = available + :gain::bigint, version = version + 1 WHERE member_id = :member::uuid;
INSERT INTO points_lot (id, member_id, issuer, transaction_id, purchase_id, restored_from, issued, remaining, status,
        issued_at, activates_at, expires_at)
    VALUES (gen_random_uuid(), :member::uuid, :partner, :earned::uuid, :purchase::uuid, NULL, :gain::bigint, :gain::bigint,
        'ACTIVE', now(), NULL, now() + interval '365 days');
\endif
\endif
UPDATE member_standing SET purchases = purchases + :net::bigint, saved = saved + :discount::bigint, version = version + 1
    WHERE member_id = :member::uuid;
UPDATE quote SET purchase_id = :purchase::uuid WHERE id = :quote::uuid;
INSERT INTO card_activity (member_id, kind, purchase_id, at)
    VALUES (:member::uuid, 'PURCHASE_POSTED', :purchase::uuid, now());
UPDATE once_answer SET answer = jsonb_build_object('purchase', :purchase::uuid, 'accumulated',
        :holding::bigint + :counted::bigint, 'raised', false, 'version', :version::int)
    WHERE id = :claim::uuid;
COMMIT;
