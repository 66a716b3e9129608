-- What one limit of a programme counts until a moment: receipts, kopecks, points spent or returns, of a card, a member, a
-- till, a cashier, an outlet or a card at a till. A cashier is one at all tills of an outlet; whoever a till does not name
-- is one at that till. `by_posting`: by when they were written, as a till that is refused is judged; else by when they
-- happened. But for claims a receipt is posted three days after it was closed at most, so the index by closing serves both.
CREATE FUNCTION limit_sum(item jsonb, of_whom text, metric text, since timestamptz, until timestamptz, by_posting boolean)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    who uuid := (item->>'member')::uuid; used uuid := (item->>'card')::uuid; place uuid := (item->>'till')::uuid;
    by_till boolean := of_whom = 'TILL' OR of_whom = 'CASHIER' AND item->>'cashier' IS NULL;
    early timestamptz := since - CASE WHEN by_posting THEN interval '73 hours' ELSE interval '0' END; found bigint;
BEGIN
    IF metric = 'REFUNDS' THEN
        IF of_whom IN ('TILL', 'CASHIER', 'OUTLET') THEN
            SELECT count(*) INTO found FROM refund AS r WHERE r.recorded_at > since AND r.recorded_at <= until
                AND CASE WHEN by_till THEN r.till_id = place ELSE r.outlet = item->>'outlet' END
                AND (of_whom <> 'CASHIER' OR r.cashier IS NOT DISTINCT FROM item->>'cashier');
        ELSE
            SELECT count(*) INTO found FROM purchase AS p JOIN refund AS r ON r.purchase_id = p.id
                WHERE p.member_id = who AND r.recorded_at > since AND r.recorded_at <= until
                AND (of_whom = 'MEMBER' OR p.card_id = used) AND (of_whom <> 'CARD_AT_TILL' OR r.till_id = place);
        END IF;
        RETURN found;
    END IF;
    IF of_whom IN ('TILL', 'CASHIER', 'OUTLET') THEN
        SELECT CASE metric WHEN 'RECEIPTS' THEN count(*) WHEN 'AMOUNT' THEN sum(p.net) ELSE sum(h.points) END INTO found
            FROM purchase AS p LEFT JOIN points_hold AS h
                ON metric = 'POINTS' AND h.purchase_id = p.id AND h.status = 'COMMITTED'
            WHERE p.till_id = ANY (CASE WHEN by_till THEN ARRAY[place]
                ELSE ARRAY(SELECT t.id FROM till AS t WHERE t.outlet = item->>'outlet') END)
            AND (of_whom <> 'CASHIER' OR p.cashier IS NOT DISTINCT FROM item->>'cashier')
            AND p.closed_at > early AND CASE WHEN by_posting THEN p.posted_at ELSE p.closed_at END > since
            AND CASE WHEN by_posting THEN p.posted_at ELSE p.closed_at END <= until;
    ELSE
        SELECT CASE metric WHEN 'RECEIPTS' THEN count(*) WHEN 'AMOUNT' THEN sum(p.net) ELSE sum(h.points) END INTO found
            FROM purchase AS p LEFT JOIN points_hold AS h
                ON metric = 'POINTS' AND h.purchase_id = p.id AND h.status = 'COMMITTED'
            WHERE p.member_id = who AND (of_whom = 'MEMBER' OR p.card_id = used)
            AND (of_whom <> 'CARD_AT_TILL' OR p.till_id = place)
            AND p.closed_at > early AND CASE WHEN by_posting THEN p.posted_at ELSE p.closed_at END > since
            AND CASE WHEN by_posting THEN p.posted_at ELSE p.closed_at END <= until;
    END IF;
    RETURN coalesce(found, 0);
END $$;
