-- +goose Up

-- The hash chain: one row for each version of a case and each line of the access log, never
-- changed. number is '' for a line. Hashes of content are keyed and salted.
CREATE TABLE chain (
    pos     INTEGER PRIMARY KEY,
    number  TEXT NOT NULL,
    version BIGINT NOT NULL,
    content BLOB NOT NULL,
    head    BLOB NOT NULL
);
CREATE INDEX chain_number ON chain (number, pos) WHERE number <> '';

-- head is of the case's newest link, NULL of a case of before; tip of its newest entry.
ALTER TABLE cases ADD COLUMN head BLOB;
ALTER TABLE cases ADD COLUMN tip BLOB;
CREATE INDEX cases_unlinked ON cases (ref) WHERE head IS NULL;
ALTER TABLE entries ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN hash BLOB;

-- hash is of what is or was sealed in body, which is empty once its cases are erased.
-- Positions begin with the chain: what a program between two releases wrote is dropped.
DELETE FROM case_accesses;
DELETE FROM accesses;
UPDATE feed SET chain = 0;
ALTER TABLE accesses ADD COLUMN hash BLOB;

-- The Merkle tree of the chain's heads (RFC 6962), by the stored index of
-- golang.org/x/mod/sumdb/tlog, and its signed checkpoints. size is how many links are in it.
CREATE TABLE tree (
    one  BIGINT PRIMARY KEY,
    size BIGINT NOT NULL
);
INSERT INTO tree (one, size) VALUES (1, 0);
CREATE TABLE tree_hashes (
    idx  INTEGER PRIMARY KEY,
    hash BLOB NOT NULL
);
CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    at   BIGINT NOT NULL,
    note TEXT NOT NULL
);

-- +goose Down
DROP TABLE checkpoints;
DROP TABLE tree_hashes;
DROP TABLE tree;
ALTER TABLE accesses DROP COLUMN hash;
ALTER TABLE entries DROP COLUMN hash;
ALTER TABLE entries DROP COLUMN version;
DROP INDEX cases_unlinked;
ALTER TABLE cases DROP COLUMN tip;
ALTER TABLE cases DROP COLUMN head;
DROP TABLE chain;
