-- +goose Up

-- List keys of what a unit has now, open or closed and by status.
INSERT INTO list_keys (key, due, number, received, ref)
    SELECT CASE WHEN sealed THEN 'sealed at ' ELSE 'at ' END || unit || CASE WHEN open THEN '|open' ELSE '|closed' END,
        COALESCE(NULLIF(due, ''), '9999-99-99'), number, received, ref FROM cases;
INSERT INTO list_keys (key, due, number, received, ref)
    SELECT CASE WHEN sealed THEN 'sealed at ' ELSE 'at ' END || unit || '|is ' || status,
        COALESCE(NULLIF(due, ''), '9999-99-99'), number, received, ref FROM cases;

-- +goose Down
DELETE FROM list_keys WHERE key LIKE 'at %' OR key LIKE 'sealed at %';
