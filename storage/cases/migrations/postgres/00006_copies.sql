-- +goose Up

-- Telegram's own copies of files a bot has sent. name is a keyed hash of bot, kind and
-- file; the file_id is sealed in body.
CREATE TABLE copies (
    name BYTEA PRIMARY KEY,
    at   BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX copies_at ON copies (at);

-- +goose Down
DROP TABLE copies;
