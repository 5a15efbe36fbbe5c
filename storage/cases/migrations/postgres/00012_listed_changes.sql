-- +goose Up

-- Changes of a case that only move it in lists are told apart from new words: the index
-- of words knows where cases stand, and need not open those.
ALTER TABLE word_changes ADD COLUMN words BOOLEAN NOT NULL DEFAULT true;

-- +goose Down
ALTER TABLE word_changes DROP COLUMN words;
