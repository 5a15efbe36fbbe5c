-- +goose Up

-- Who took a case, for the list of an officer's own.
ALTER TABLE cases ADD COLUMN officer TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE cases DROP COLUMN officer;
