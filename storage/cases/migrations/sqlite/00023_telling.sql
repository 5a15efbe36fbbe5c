-- +goose Up

-- Other systems that are told that a case moved. Address and keys are sealed in body.
CREATE TABLE endpoints (
    id   TEXT PRIMARY KEY,
    body BLOB NOT NULL
);

-- What is on its way to them: state is waiting or dead, due when it is tried next, ms.
CREATE TABLE deliveries (
    id       TEXT PRIMARY KEY,
    endpoint TEXT NOT NULL,
    number   TEXT NOT NULL,
    state    TEXT NOT NULL,
    due      BIGINT NOT NULL,
    body     BLOB NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (endpoint, state, due);

-- Up to which link of the chain changes have been put on their way.
CREATE TABLE endpoint_feed (
    one BIGINT PRIMARY KEY,
    pos BIGINT NOT NULL
);

-- Notices of a case that reached nobody. hash is a keyed hash of the case and of whom they were for;
-- state is partly, while somebody else may still get them, open or done.
CREATE TABLE untold (
    hash  BLOB PRIMARY KEY,
    state TEXT NOT NULL,
    at    BIGINT NOT NULL,
    body  BLOB NOT NULL
);
CREATE INDEX untold_state ON untold (state, at);

-- Where people who petitioned want to be told besides their chat. owner is a keyed hash of the chat.
CREATE TABLE wishes (
    id    TEXT PRIMARY KEY,
    owner BLOB NOT NULL UNIQUE,
    body  BLOB NOT NULL
);

-- +goose Down
DROP TABLE wishes;
DROP TABLE untold;
DROP TABLE endpoint_feed;
DROP TABLE deliveries;
DROP TABLE endpoints;
