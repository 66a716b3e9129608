-- The posting of purchases: one statement that answers in rows and never raises. It writes facts that Python has priced,
-- and guards them; it knows no rate and no rule.
CREATE FUNCTION post_purchases(batch jsonb, moment timestamptz)
RETURNS TABLE (place int, outcome text, answer jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    item jsonb; claim uuid; member uuid; body bytea; stored record; holding bigint; after bigint; used uuid;
    purchase uuid; account uuid; counted bigint; turned timestamptz; before_tier text; after_tier text; rungs int; claimed uuid[];
    usable bigint; standing bigint; granted text; kin bigint; booked timestamptz; lifted boolean;
BEGIN
    -- Keys first, then families, then members, each in one order: two processes with crossing batches cannot wait for each other in a ring.
    WITH wanted AS (
        SELECT DISTINCT ON ((i->>'claim')::uuid) (i->>'claim')::uuid AS id, decode(i->>'body', 'hex') AS body_sha256
        FROM jsonb_array_elements(batch) AS i ORDER BY (i->>'claim')::uuid
    ), made AS (
        INSERT INTO once_answer (id, operation, body_sha256, answer, created_at)
        SELECT id, 'postPurchase', body_sha256, NULL, moment FROM wanted ORDER BY id
        ON CONFLICT (id) DO NOTHING RETURNING id
    ) SELECT coalesce(array_agg(id), '{}') INTO claimed FROM made;
    -- A family that shares its progress is locked whole: what counts for one counts for all of them.
    PERFORM lock_books(ARRAY(SELECT (i->>'member')::uuid FROM jsonb_array_elements(batch) AS i),
        ARRAY(SELECT (i->>'family')::uuid FROM jsonb_array_elements(batch) AS i WHERE i->>'family' IS NOT NULL));
    PERFORM lock_limits(batch);
    PERFORM lock_promotions(batch);
    place := -1;
    FOR item IN SELECT i FROM jsonb_array_elements(batch) WITH ORDINALITY AS b (i, n) ORDER BY n LOOP
        place := place + 1;
        answer := NULL;
        claim := (item->>'claim')::uuid;
        member := (item->>'member')::uuid;
        purchase := (item->>'purchase')::uuid;
        counted := (item->>'accumulated')::bigint;
        SELECT o.body_sha256, o.answer INTO stored FROM once_answer AS o WHERE o.id = claim;
        IF NOT FOUND THEN
            -- An earlier item of this batch gave the key back with its refusal: the key is free again.
            INSERT INTO once_answer (id, operation, body_sha256, answer, created_at)
                VALUES (claim, 'postPurchase', decode(item->>'body', 'hex'), NULL, moment) ON CONFLICT (id) DO NOTHING;
            claimed := claimed || claim;
        ELSIF stored.answer IS NOT NULL OR NOT claim = ANY (claimed) THEN
            outcome := CASE WHEN stored.body_sha256 <> decode(item->>'body', 'hex') THEN 'KEY_REUSED'
                            WHEN stored.answer IS NULL THEN 'BUSY' ELSE 'REPLAY' END;
            answer := stored.answer;
            RETURN NEXT;
            CONTINUE;
        ELSIF stored.body_sha256 <> decode(item->>'body', 'hex') THEN
            UPDATE once_answer SET body_sha256 = decode(item->>'body', 'hex') WHERE id = claim;
        END IF;

        outcome := NULL;
        SELECT q.purchase_id INTO used FROM quote AS q WHERE q.id = (item->>'quote')::uuid;
        SELECT s.qualifying_account, b.amount, s.version, CASE WHEN s.granted_until > moment THEN s.granted_tier END, b.booked_at
            INTO account, holding, standing, granted, booked
            FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account
            JOIN member AS m ON m.id = s.member_id AND m.status = 'ACTIVE'
            JOIN card AS c ON c.id = (item->>'card')::uuid AND c.status = 'ACTIVE'
            WHERE s.member_id = member;
        kin := CASE WHEN item ? 'family' THEN kin_sum(member, (item->>'family')::uuid) ELSE 0 END;
        IF EXISTS (SELECT 1 FROM purchase AS p WHERE p.outlet = item->>'outlet'
                AND p.receipt_number = item->>'receipt' AND p.business_date = (item->>'business_date')::date) THEN
            outcome := 'RECEIPT_EXISTS';
        ELSIF used IS NOT NULL THEN
            outcome := 'QUOTE_USED';
        ELSIF holding IS NULL THEN
            outcome := 'CARD_NOT_ACCEPTED';
        ELSIF kin IS NULL OR granted IS DISTINCT FROM item->>'granted'
            -- The sum of a window that ends is another one tomorrow: what the tier was made of must be what it was.
            OR standing <> (item->'window'->>'version')::bigint
            OR NOT item ? 'window'
                AND (holding + kin < (item->>'tier_low')::bigint OR holding + kin >= (item->>'tier_high')::bigint)
            OR (item->>'priced_by')::int <> (SELECT max(version) FROM programme_version) THEN
            outcome := 'CHANGED';
        ELSIF item ? 'points' THEN
            outcome := points_refusal(item->'points', member, moment);
        END IF;
        IF outcome IS NULL AND item ? 'promotions' THEN
            outcome := promotions_refusal(item->'promotions', member);
        END IF;
        IF outcome IS NULL AND item ? 'limits' THEN
            outcome := limit_refusal(item, moment);
        END IF;
        IF outcome IS NULL THEN
            INSERT INTO purchase (id, member_id, card_id, till_id, partner, outlet, channel, receipt_number, business_date,
                closed_at, posted_at, programme_version, tier, gross, discount, net, accumulated, refunded_net,
                refunded_discount, refunded_accumulated, cashier)
            VALUES (purchase, member, (item->>'card')::uuid, (item->>'till')::uuid, item->>'partner', item->>'outlet',
                item->>'channel', item->>'receipt', (item->>'business_date')::date, (item->>'closed_at')::timestamptz,
                moment, (item->>'version')::int, item->>'tier', (item->>'gross')::bigint, (item->>'discount')::bigint,
                (item->>'net')::bigint, counted, 0, 0, 0, item->>'cashier')
            ON CONFLICT (outlet, receipt_number, business_date) DO NOTHING;
            IF NOT FOUND THEN
                outcome := 'RECEIPT_EXISTS';
            END IF;
        END IF;
        IF outcome IS NOT NULL THEN
            -- Only successes are kept under a key: after a refusal it may be tried again.
            DELETE FROM once_answer WHERE id = claim;
            RETURN NEXT;
            CONTINUE;
        END IF;

        INSERT INTO purchase_line (id, purchase_id, position, service, name, quantity, gross, discount, net, accumulates,
            basis_points, reasons, refunded_part, refunded_net, refunded_discount, points_paid, points_spent, points_earned,
            refunded_points_paid, refunded_points_spent, refunded_points_earned)
        SELECT l.id, purchase, l.position, l.service, l.name, l.quantity, l.gross, l.discount, l.net, l.accumulates,
            l.basis_points, l.reasons, 0, 0, 0, l.points_paid, l.points_spent, l.points_earned,
            0 * l.points_paid, 0 * l.points_spent, 0 * l.points_earned
        FROM jsonb_to_recordset(item->'lines') AS l (id uuid, position smallint, service text, name text, quantity bigint,
            gross bigint, discount bigint, net bigint, accumulates boolean, basis_points int, reasons jsonb, points_paid bigint,
            points_spent bigint, points_earned bigint);
        IF item ? 'promotions' THEN
            PERFORM post_promotions(item->'promotions', member, purchase, (item->>'version')::int);
        END IF;
        INSERT INTO tender (id, purchase_id, kind, amount)
        SELECT t.id, purchase, t.kind, t.amount
        FROM jsonb_to_recordset(item->'tenders') AS t (id uuid, kind text, amount bigint);
        after := holding + counted;
        IF counted > 0 THEN
            INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
                VALUES ((item->>'transaction')::uuid, 'PURCHASE', purchase, NULL, (item->>'closed_at')::timestamptz,
                    greatest(booked, moment));
            INSERT INTO entry (transaction_id, account_id, unit, amount) VALUES
                ((item->>'transaction')::uuid, (item->>'counter_account')::uuid, 'QRUB', -counted),
                ((item->>'transaction')::uuid, account, 'QRUB', counted);
            UPDATE balance SET amount = after, version = version + 1, booked_at = greatest(booked, moment)
                WHERE account_id = account;
        END IF;
        UPDATE member_standing SET purchases = purchases + (item->>'net')::bigint,
            saved = saved + (item->>'discount')::bigint, version = version + 1,
            tier_until = CASE WHEN item ? 'window' THEN (item->'window'->>'until')::timestamptz ELSE tier_until END
            WHERE member_id = member;
        IF item ? 'boost' THEN
            PERFORM give_boost(item->'boost', member, purchase, moment);
            granted := item->'boost'->>'tier';
        END IF;
        before_tier := item->>'standing_tier';
        IF item ? 'window' THEN
            after_tier := item->'window'->>'after';
            after := (item->'window'->>'accumulated')::bigint;
        ELSE
            after := after + kin;
            SELECT t.id INTO after_tier FROM jsonb_to_recordset(item->'tiers') AS t (id text, threshold bigint)
                WHERE t.threshold <= after OR t.id = granted ORDER BY t.threshold DESC LIMIT 1;
        END IF;
        IF after_tier <> before_tier THEN
            -- The campaign alone has brought it, unless the sum with this receipt does so too.
            lifted := item ? 'boost' AND NOT EXISTS (SELECT FROM jsonb_to_recordset(item->'tiers') AS t (id text, threshold bigint)
                WHERE t.id = after_tier AND t.threshold <= after);
            UPDATE tier_period SET until = greatest(moment, since) WHERE member_id = member AND until IS NULL
                RETURNING until INTO turned;
            INSERT INTO tier_period (id, member_id, tier, since, until, reason, evidence)
                VALUES ((item->>'period')::uuid, member, after_tier, coalesce(turned, moment), NULL,
                    CASE WHEN lifted THEN 'CAMPAIGN' ELSE 'PURCHASE' END,
                    CASE WHEN lifted THEN (item->'boost'->>'id')::uuid ELSE purchase END);
        END IF;
        IF item->>'family' IS NOT NULL AND counted > 0 AND (item ? 'window' OR after >= (item->>'tier_high')::bigint) THEN
            PERFORM mark_tiers(array_remove(kin_of(member), member), moment);
        END IF;
        usable := NULL;
        IF item ? 'points' THEN
            usable := post_points(item->'points', member, purchase, item->>'partner', (item->>'closed_at')::timestamptz, moment);
        END IF;
        IF item ? 'instalment' THEN
            PERFORM await_instalment(item->'instalment', item, moment);
        END IF;
        UPDATE quote SET purchase_id = purchase WHERE id = (item->>'quote')::uuid;
        INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES (member, 'PURCHASE_POSTED', purchase, moment);
        outcome := 'POSTED';
        answer := jsonb_build_object('purchase', purchase, 'accumulated', after, 'raised', after_tier <> before_tier,
            'version', (item->>'priced_by')::int)
            || CASE WHEN item ? 'window' OR granted IS NOT NULL THEN jsonb_build_object('tier', after_tier) ELSE '{}'::jsonb END
            || CASE WHEN item ? 'instalment' THEN '{"waits": true}'::jsonb ELSE '{}'::jsonb END
            || CASE WHEN usable IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('points', usable) END;
        UPDATE once_answer SET answer = post_purchases.answer WHERE id = claim;
        RETURN NEXT;
    END LOOP;
    PERFORM tell_partners(batch, moment);
END $$;
