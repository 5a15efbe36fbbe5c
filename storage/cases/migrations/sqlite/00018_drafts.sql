-- +goose Up

-- Units that write or sign a paper of the case that is not issued yet, joined by line feeds: lists are made by them.
ALTER TABLE cases ADD COLUMN drafts TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE cases DROP COLUMN drafts;
