-- +goose Up

-- Whether people are in danger: lists have such cases first while they are open.
ALTER TABLE cases ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE cases DROP COLUMN urgent;
