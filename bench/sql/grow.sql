-- Members and their receipts in bulk, for measuring what size costs. :first and :last are numbers of members, :receipts
-- is how many receipts each has, one a week, with one line that counts and one that does not. Ids follow from numbers.
CREATE FUNCTION pg_temp.id_of(kind text, number bigint, ms bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(ms), 12, '0') || '7' || kind || '8' || lpad(to_hex(number), 15, '0'))::uuid
$$;
CREATE TEMP TABLE people ON COMMIT DROP AS
SELECT n, ms, joined, pg_temp.id_of('00a', n, ms) AS member, pg_temp.id_of('00b', n, ms) AS account,
    pg_temp.id_of('00c', n, ms) AS card
FROM generate_series(:first::bigint, :last) AS n,
    LATERAL (SELECT (extract(epoch FROM current_date)::bigint - 730 * 86400 + n) * 1000) AS m (ms),
    LATERAL (SELECT to_timestamp(ms / 1000)) AS j (joined);
-- In the order of time, as a year of receipts comes: what is written together then lies together.
CREATE TEMP TABLE sales ON COMMIT DROP AS
SELECT p.member, p.account, p.card, t.ms, to_timestamp(t.ms / 1000) AS at, p.n * 1000 + r AS number,
    pg_temp.id_of('00d', p.n * 1000 + r, t.ms) AS sale
FROM generate_series(1, :receipts) AS r, people AS p, LATERAL (SELECT p.ms + (1 + r * 7) * 86400000::bigint) AS t (ms);

INSERT INTO member (id, number, status, last_name, first_name, birth_date, locale, created_at, confirmed_at)
SELECT member, '7013' || lpad(n::text, 12, '0'), 'ACTIVE', 'Иванова', 'Анна', '1990-01-01', 'ru', joined, joined FROM people;
INSERT INTO contact (id, member_id, kind, value, verified_at, created_at)
SELECT pg_temp.id_of(CASE kind WHEN 'EMAIL' THEN '00e' ELSE '00f' END, n, ms), member, kind,
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
SELECT pg_temp.id_of('010', n, ms), member, :'tier', joined, 'JOINED' FROM people;

INSERT INTO purchase (id, member_id, card_id, till_id, partner, outlet, channel, receipt_number, business_date, closed_at,
    posted_at, programme_version, tier, gross, discount, net, accumulated, refunded_net, refunded_discount, refunded_accumulated)
SELECT sale, member, card, :'till', :'partner', :'outlet', 'TILL', 'G' || number, at::date, at, at, 1, :'tier', 250000, 10000,
    240000, 190000, 0, 0, 0
FROM sales;
INSERT INTO purchase_line (id, purchase_id, position, service, name, quantity, gross, discount, net, accumulates,
    basis_points, reasons, refunded_part, refunded_net, refunded_discount)
SELECT pg_temp.id_of('02' || place, number, ms), sale, place, :'service', 'Ужин', 1000,
    CASE place WHEN 0 THEN 200000 ELSE 50000 END, CASE place WHEN 0 THEN 10000 ELSE 0 END,
    CASE place WHEN 0 THEN 190000 ELSE 50000 END, place = 0, CASE place WHEN 0 THEN 500 ELSE 0 END,
    '[{"code": "counts"}]', 0, 0, 0
FROM sales, generate_series(0, 1) AS place;
INSERT INTO tender (id, purchase_id, kind, amount) SELECT pg_temp.id_of('011', number, ms), sale, 'CARD', 240000 FROM sales;
INSERT INTO ledger_transaction (id, kind, cause_id, occurred_at, recorded_at)
SELECT pg_temp.id_of('012', number, ms), 'PURCHASE', sale, at, at FROM sales;
INSERT INTO entry (transaction_id, account_id, unit, amount)
SELECT pg_temp.id_of('012', number, ms), unnest(ARRAY[:'shared'::uuid, account]), 'QRUB', unnest(ARRAY[-190000, 190000])
FROM sales;
