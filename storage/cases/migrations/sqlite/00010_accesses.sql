-- +goose Up

-- The access log: who read or changed what, sealed in body. officer is a keyed hash, '' for
-- a citizen. Positions are given under the lock that positions of the feed are given under.
ALTER TABLE feed ADD COLUMN chain BIGINT NOT NULL DEFAULT 0;
CREATE TABLE accesses (
    pos     INTEGER PRIMARY KEY,
    at      BIGINT NOT NULL,
    unit    TEXT NOT NULL,
    officer TEXT NOT NULL,
    body    BLOB NOT NULL
);
CREATE INDEX accesses_officer ON accesses (officer, pos);

-- Which lines are about a case.
CREATE TABLE case_accesses (
    number TEXT NOT NULL,
    pos    BIGINT NOT NULL,
    PRIMARY KEY (number, pos)
) WITHOUT ROWID;
CREATE INDEX case_accesses_pos ON case_accesses (pos);

-- +goose Down
DROP TABLE case_accesses;
DROP TABLE accesses;
ALTER TABLE feed DROP COLUMN chain;
