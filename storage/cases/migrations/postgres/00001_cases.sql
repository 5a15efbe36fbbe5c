-- +goose Up

-- One row a case. Everything a citizen or an officer wrote is sealed in body; the
-- plain columns are what lists, statistics and clocks need. ref is year × 10^8 +
-- serial. Times are unix milliseconds, hashes are keyed.
CREATE TABLE cases (
    ref      BIGINT PRIMARY KEY,
    id       TEXT NOT NULL,
    number   TEXT COLLATE "C" NOT NULL UNIQUE,
    filing   BYTEA NOT NULL UNIQUE,
    owner    BYTEA,
    version  BIGINT NOT NULL,
    status   TEXT NOT NULL,
    class    TEXT NOT NULL,
    unit     TEXT NOT NULL,
    units    TEXT NOT NULL,
    category TEXT NOT NULL,
    place    TEXT NOT NULL,
    due      TEXT NOT NULL,
    open     BOOLEAN NOT NULL,
    sealed   BOOLEAN NOT NULL,
    received BIGINT NOT NULL,
    entries  BIGINT NOT NULL,
    files    TEXT NOT NULL,
    words    BYTEA NOT NULL,
    body     BYTEA NOT NULL
);

-- The last serial of each year. The row is locked until the filing commits, so a
-- filing that fails gives its serial back.
CREATE TABLE serials (
    year BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- The timeline: rows are added, never changed.
CREATE TABLE entries (
    ref  BIGINT NOT NULL,
    seq  BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (ref, seq)
);

-- A case stands on one shelf for each pair of eyes and filter a list may have, so
-- that every list reads one index from its cursor on.
CREATE TABLE shelves (
    shelf    TEXT COLLATE "C" NOT NULL,
    due      TEXT COLLATE "C" NOT NULL,
    number   TEXT COLLATE "C" NOT NULL,
    received BIGINT NOT NULL,
    ref      BIGINT NOT NULL,
    PRIMARY KEY (shelf, due, number)
);
CREATE INDEX shelves_new ON shelves (shelf, received, number);

-- Keyed hashes of every two neighbouring characters of a case's words, and the
-- cases whose words are still to be indexed.
CREATE TABLE grams (
    gram BIGINT NOT NULL,
    ref  BIGINT NOT NULL,
    PRIMARY KEY (gram, ref)
);
CREATE TABLE unread (
    ref BIGINT PRIMARY KEY
);

-- The feed. The one row of feed is locked until the change commits, so positions
-- become visible in order and without gaps.
CREATE TABLE feed (
    one  BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO feed (one, last) VALUES (1, 0);
CREATE TABLE notices (
    pos       BIGINT PRIMARY KEY,
    addressee BYTEA NOT NULL,
    body      BYTEA NOT NULL
);
CREATE INDEX notices_addressee ON notices (addressee);

-- Tries of look-ups: one row for whom they are counted against, one for each try.
CREATE TABLE guards (
    who     BYTEA PRIMARY KEY,
    tries   TEXT NOT NULL,
    within  BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX guards_expires ON guards (expires);
CREATE TABLE tries (
    id      BYTEA PRIMARY KEY,
    whos    TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX tries_expires ON tries (expires);

-- Files in the blob store; loose ones belong to no case.
CREATE TABLE files (
    id    TEXT PRIMARY KEY,
    at    BIGINT NOT NULL,
    loose BOOLEAN NOT NULL,
    owner BYTEA,
    body  BYTEA NOT NULL
);
CREATE INDEX files_loose ON files (at) WHERE loose;
CREATE INDEX files_owner ON files (owner);
CREATE TABLE case_files (
    id  TEXT NOT NULL,
    ref BIGINT NOT NULL,
    PRIMARY KEY (id, ref)
);

-- +goose Down
DROP TABLE case_files;
DROP TABLE files;
DROP TABLE tries;
DROP TABLE guards;
DROP TABLE notices;
DROP TABLE feed;
DROP TABLE unread;
DROP TABLE grams;
DROP TABLE shelves;
DROP TABLE entries;
DROP TABLE serials;
DROP TABLE cases;
