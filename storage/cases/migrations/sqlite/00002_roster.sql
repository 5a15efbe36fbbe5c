-- +goose Up

-- The office's people. Name and chat address are sealed in body; chat is a keyed
-- hash, NULL once the person left.
CREATE TABLE people (
    id     TEXT PRIMARY KEY,
    unit   TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    chat   BLOB UNIQUE,
    body   BLOB NOT NULL
);
CREATE INDEX people_unit ON people (unit);

CREATE TABLE invites (
    hash    BLOB PRIMARY KEY,
    expires BIGINT NOT NULL,
    body    BLOB NOT NULL
);

CREATE TABLE bindings (
    chat BLOB PRIMARY KEY,
    unit TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX bindings_unit ON bindings (unit);

-- Which case a message of ours in an officer's chat is about. message is a keyed hash
-- of chat and message.
CREATE TABLE refs (
    message BLOB PRIMARY KEY,
    number  TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX refs_at ON refs (at);

-- +goose Down
DROP TABLE refs;
DROP TABLE bindings;
DROP TABLE invites;
DROP TABLE people;
