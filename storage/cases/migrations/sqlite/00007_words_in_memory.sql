-- +goose Up

-- Words are searched in memory. The keyed hashes of pairs of characters that stood here
-- could be opened by whoever filed petitions and had a copy of the database.
-- secure_delete overwrites the pages that are given back, not only unlinks them.
PRAGMA secure_delete = ON;
DROP TABLE cards;
DROP TABLE drawers;
DROP TABLE slips;
DROP TABLE catalogue;
DROP TABLE unread;
ALTER TABLE cases DROP COLUMN words;
ALTER TABLE cases DROP COLUMN latest;
PRAGMA secure_delete = OFF;

-- Which cases' words are new, in the order they became visible: words is the last
-- position, given under the lock that positions of the feed are given under. The oldest
-- are dropped; an index that is behind them is made anew.
ALTER TABLE feed ADD COLUMN words BIGINT NOT NULL DEFAULT 0;
CREATE TABLE word_changes (
    pos INTEGER PRIMARY KEY,
    ref BIGINT NOT NULL
);

-- +goose Down
DROP TABLE word_changes;
ALTER TABLE feed DROP COLUMN words;
ALTER TABLE cases ADD COLUMN latest BIGINT NOT NULL DEFAULT 0;
UPDATE cases SET latest = upto.latest
    FROM (SELECT ref, max(received) OVER (ORDER BY ref) AS latest FROM cases) AS upto WHERE upto.ref = cases.ref;
ALTER TABLE cases ADD COLUMN words BLOB NOT NULL DEFAULT x'';
CREATE TABLE unread (
    ref INTEGER PRIMARY KEY
);
INSERT INTO unread (ref) SELECT ref FROM cases;
CREATE TABLE slips (
    ref   INTEGER PRIMARY KEY,
    pairs BLOB NOT NULL
);
CREATE TABLE drawers (
    id     BIGINT PRIMARY KEY,
    cases  BIGINT NOT NULL,
    low    BIGINT NOT NULL,
    high   BIGINT NOT NULL,
    whole  BOOLEAN NOT NULL,
    filled BIGINT NOT NULL,
    goes   BIGINT NOT NULL
);
CREATE TABLE cards (
    drawer BIGINT NOT NULL,
    pair   BIGINT NOT NULL,
    ref    BIGINT NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (drawer, pair, ref)
);
CREATE TABLE catalogue (
    one   BIGINT PRIMARY KEY,
    last  BIGINT NOT NULL,
    moved BIGINT NOT NULL
);
INSERT INTO catalogue (one, last, moved) VALUES (1, 0, 0);
