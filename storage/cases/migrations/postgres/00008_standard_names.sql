-- +goose Up

-- Tables by the names the code has for what they hold.
ALTER TABLE shelves RENAME TO list_keys;
ALTER TABLE list_keys RENAME COLUMN shelf TO key;
ALTER INDEX shelves_pkey RENAME TO list_keys_pkey;
ALTER INDEX shelves_new RENAME TO list_keys_new;

ALTER TABLE guards RENAME TO attempt_keys;
ALTER TABLE attempt_keys RENAME COLUMN tries TO attempts;
ALTER INDEX guards_pkey RENAME TO attempt_keys_pkey;
ALTER INDEX guards_expires RENAME TO attempt_keys_expires;

ALTER TABLE tries RENAME TO attempts;
ALTER INDEX tries_pkey RENAME TO attempts_pkey;
ALTER INDEX tries_expires RENAME TO attempts_expires;

-- +goose Down
ALTER INDEX list_keys_new RENAME TO shelves_new;
ALTER INDEX list_keys_pkey RENAME TO shelves_pkey;
ALTER TABLE list_keys RENAME COLUMN key TO shelf;
ALTER TABLE list_keys RENAME TO shelves;
ALTER INDEX attempt_keys_expires RENAME TO guards_expires;
ALTER INDEX attempt_keys_pkey RENAME TO guards_pkey;
ALTER TABLE attempt_keys RENAME COLUMN attempts TO tries;
ALTER TABLE attempt_keys RENAME TO guards;
ALTER INDEX attempts_expires RENAME TO tries_expires;
ALTER INDEX attempts_pkey RENAME TO tries_pkey;
ALTER TABLE attempts RENAME TO tries;
