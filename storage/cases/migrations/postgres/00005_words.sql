-- +goose Up

-- The catalogue of words. A slip holds, sorted, the keyed hashes (four bytes) of
-- every two neighbouring characters of one case. Some slips together become the
-- cards of a drawer; drawers of like size become one larger drawer. A card holds
-- pairs and the cases that have them, in order of pair and ref, from its own pair
-- and ref on. Every case is on one slip, or in one drawer, or still in unread.
DROP TABLE grams;
INSERT INTO unread (ref) SELECT ref FROM cases WHERE true ON CONFLICT (ref) DO NOTHING;
CREATE TABLE slips (
    ref   BIGINT PRIMARY KEY,
    pairs BYTEA NOT NULL
);

-- A drawer that is being put together is not whole; filled says up to which pair
-- it is. The drawers it is made of name it in goes, and stay until it is whole.
-- One that is done with is not whole either, and has filled -1.
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
    body   BYTEA NOT NULL,
    PRIMARY KEY (drawer, pair, ref)
);

-- Whoever works on the catalogue locks its one row. last is the youngest drawer, moved
-- counts how often cases went from a drawer to another or to a slip.
CREATE TABLE catalogue (
    one      BIGINT PRIMARY KEY,
    last     BIGINT NOT NULL,
    moved BIGINT NOT NULL
);
INSERT INTO catalogue (one, last, moved) VALUES (1, 0, 0);

-- Cards are as long as a page takes, and do not compress.
ALTER TABLE cards ALTER COLUMN body SET STORAGE PLAIN;
ALTER TABLE slips ALTER COLUMN pairs SET STORAGE PLAIN;
ALTER TABLE cases ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE slips SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- The latest time of receipt among this case and all before it: whoever goes from
-- the newest case back knows when none behind can be newer.
ALTER TABLE cases ADD COLUMN latest BIGINT NOT NULL DEFAULT 0;
UPDATE cases SET latest = upto.latest
    FROM (SELECT ref, max(received) OVER (ORDER BY ref) AS latest FROM cases) AS upto WHERE upto.ref = cases.ref;

-- +goose Down
ALTER TABLE cases DROP COLUMN latest;
DROP TABLE catalogue;
DROP TABLE cards;
DROP TABLE drawers;
DROP TABLE slips;
CREATE TABLE grams (
    gram BIGINT NOT NULL,
    ref  BIGINT NOT NULL,
    PRIMARY KEY (gram, ref)
);
INSERT INTO unread (ref) SELECT ref FROM cases WHERE true ON CONFLICT (ref) DO NOTHING;
