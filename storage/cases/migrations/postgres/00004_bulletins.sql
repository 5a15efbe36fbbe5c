-- +goose Up

-- Who agreed to service notices. chat is a keyed hash; address, language and time are
-- sealed in body.
CREATE TABLE consents (
    chat BYTEA PRIMARY KEY,
    at   BIGINT NOT NULL,
    body BYTEA NOT NULL
);

-- Service notices: text and who sent it are sealed in body. upto is the hash of the
-- last chat that was handed it, owner the process that does so, until when.
CREATE TABLE bulletins (
    id       TEXT PRIMARY KEY,
    state    TEXT NOT NULL,
    at       BIGINT NOT NULL,
    ended    BIGINT NOT NULL DEFAULT 0,
    upto     BYTEA NOT NULL,
    total    BIGINT NOT NULL,
    handed   BIGINT NOT NULL DEFAULT 0,
    gone     BIGINT NOT NULL DEFAULT 0,
    sent     BIGINT NOT NULL DEFAULT 0,
    failed   BIGINT NOT NULL DEFAULT 0,
    quit     BIGINT NOT NULL DEFAULT 0,
    withheld BIGINT NOT NULL DEFAULT 0,
    owner    TEXT NOT NULL DEFAULT '',
    until    BIGINT NOT NULL DEFAULT 0,
    body     BYTEA NOT NULL
);
CREATE UNIQUE INDEX bulletins_running ON bulletins (state) WHERE state = 'running';
CREATE INDEX bulletins_at ON bulletins (at);

-- What became of a notice for a chat; kept for a month.
CREATE TABLE bulletin_chats (
    id      TEXT NOT NULL,
    chat    BYTEA NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (id, chat)
);

-- +goose Down
DROP TABLE bulletin_chats;
DROP TABLE bulletins;
DROP TABLE consents;
