-- Members and their receipts in bulk, for measuring what size costs. :first and :last are numbers of members, :receipts
-- is how many receipts each has, one a week, with one line that counts and one that does not. Ids follow from numbers.
CREATE FUNCTION pg_temp.id_of(kind text, number bigint, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(kind || number), 1, 3)
        || '8' || substr(md5(kind || number), 4, 15))::uuid
$$;
CREATE TEMP TABLE people ON COMMIT DROP AS
SELECT n, joined, pg_temp.id_of('member', n, joined) AS member, pg_temp.id_of('account', n, joined) AS account,
    pg_temp.id_of('card', n, joined) AS card
FROM generate_series(:first::bigint, :last) AS n, LATERAL (SELECT now() - interval '2 years' + n * interval '1 second') AS j (joined);
CREATE TEMP TABLE sales ON COMMIT DROP AS
SELECT p.member, p.account, p.card, at, p.n * 1000 + r AS number, pg_temp.id_of('sale', p.n * 1000 + r, at) AS sale
FROM people AS p, generate_series(1, :receipts) AS r,
    LATERAL (SELECT p.joined + interval '1 day' + r * interval '7 days') AS t (at);

INSERT INTO member (id, number, status, last_name, first_name, birth_date, locale, created_at, confirmed_at)
SELECT member, '7013' || lpad(n::text, 12, '0'), 'ACTIVE', 'Иванова', 'Анна', '1990-01-01', 'ru', joined, joined FROM people;
INSERT INTO contact (id, member_id, kind, value, verified_at, created_at)
SELECT pg_temp.id_of(kind, n, joined), member, kind,
    CASE kind WHEN 'EMAIL' THEN 'grown' || n || '@example.ru' ELSE '+7' || (9300000000 + n) END,
    CASE kind WHEN 'EMAIL' THEN joined END, joined
FROM people, unnest(ARRAY['EMAIL', 'PHONE']) AS kind;
INSERT INTO card (id, member_id, number, kind, status, issued_at)
SELECT card, member, '7013' || lpad(n::text, 12, '0'), 'VIRTUAL', 'ACTIVE', joined FROM people;
INSERT INTO account (id, owner_kind, owner, purpose, unit)
SELECT account, 'MEMBER', member::text, 'qualified', 'QRUB' FROM people;
INSERT INTO balance (account_id, amount, version) SELECT account, :receipts * 190000, :receipts FROM people;
INSERT INTO member_standing (member_id, qualifying_account, purchases, saved, version)
SELECT member, account, :receipts * 240000, :receipts * 10000, :receipts FROM people;
INSERT INTO tier_period (id, member_id, tier, since, reason)
SELECT pg_temp.id_of('tier', n, joined), member, :'tier', joined, 'JOINED' FROM people;

INSERT INTO purchase (id, member_id, card_id, till_id, partner, outlet, channel, receipt_number, business_date, closed_at,
    posted_at, programme_version, tier, gross, discount, net, accumulated, refunded_net, refunded_discount, refunded_accumulated)
SELECT sale, member, card, :'till', :'partner', :'outlet', 'TILL', 'G' || number, at::date, at, at, 1, :'tier', 250000, 10000,
    240000, 190000, 0, 0, 0
FROM sales;
INSERT INTO purchase_line (id, purchase_id, position, service, name, quantity, gross, discount, net, accumulates,
    basis_points, reasons, refunded_part, refunded_net, refunded_discount)
SELECT pg_temp.id_of('line' || place, number, at), sale, place, :'service', 'Ужин', 1000,
    CASE place WHEN 0 THEN 200000 ELSE 50000 END, CASE place WHEN 0 THEN 10000 ELSE 0 END,
    CASE place WHEN 0 THEN 190000 ELSE 50000 END, place = 0, CASE place WHEN 0 THEN 500 ELSE 0 END,
    '[{"code": "counts"}]', 0, 0, 0
FROM sales, generate_series(0, 1) AS place;
INSERT INTO tender (id, purchase_id, kind, amount) SELECT pg_temp.id_of('tender', number, at), sale, 'CARD', 240000 FROM sales;
INSERT INTO ledger_transaction (id, kind, cause_id, occurred_at, recorded_at)
SELECT pg_temp.id_of('booking', number, at), 'PURCHASE', sale, at, at FROM sales;
INSERT INTO entry (transaction_id, account_id, unit, amount)
SELECT pg_temp.id_of('booking', number, at), unnest(ARRAY[:'shared'::uuid, account]), 'QRUB', unnest(ARRAY[-190000, 190000])
FROM sales;
