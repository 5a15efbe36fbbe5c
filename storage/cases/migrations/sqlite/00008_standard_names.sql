-- +goose Up

-- Tables by the names the code has for what they hold.
DROP INDEX shelves_new;
ALTER TABLE shelves RENAME TO list_keys;
ALTER TABLE list_keys RENAME COLUMN shelf TO key;
CREATE INDEX list_keys_new ON list_keys (key, received, number);

DROP INDEX guards_expires;
ALTER TABLE guards RENAME TO attempt_keys;
ALTER TABLE attempt_keys RENAME COLUMN tries TO attempts;
CREATE INDEX attempt_keys_expires ON attempt_keys (expires);

DROP INDEX tries_expires;
ALTER TABLE tries RENAME TO attempts;
CREATE INDEX attempts_expires ON attempts (expires);

-- +goose Down
DROP INDEX list_keys_new;
ALTER TABLE list_keys RENAME COLUMN key TO shelf;
ALTER TABLE list_keys RENAME TO shelves;
CREATE INDEX shelves_new ON shelves (shelf, received, number);
DROP INDEX attempt_keys_expires;
ALTER TABLE attempt_keys RENAME COLUMN attempts TO tries;
ALTER TABLE attempt_keys RENAME TO guards;
CREATE INDEX guards_expires ON guards (expires);
DROP INDEX attempts_expires;
ALTER TABLE attempts RENAME TO tries;
CREATE INDEX tries_expires ON tries (expires);
