-- The account of an owner in points. Its id follows from whom and what it is for, so that nothing is looked up.
CREATE FUNCTION points_account(kind text, owner text, purpose text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(substring(sha256(convert_to(kind || '|' || owner || '|' || purpose || '|PTS', 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
$$;
