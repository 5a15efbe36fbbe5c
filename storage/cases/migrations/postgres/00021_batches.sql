-- +goose Up

-- Work on many cases: who asked, what for and how far it has come are sealed in body. owner has
-- it until the time of until, unix milliseconds.
CREATE TABLE batches (
    id    TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    at    BIGINT NOT NULL,
    owner TEXT NOT NULL,
    until BIGINT NOT NULL,
    body  BYTEA NOT NULL
);
CREATE INDEX batches_at ON batches (at);

-- Items that did not come off, with why.
CREATE TABLE refusals (
    batch TEXT NOT NULL,
    item  BIGINT NOT NULL,
    body  BYTEA NOT NULL,
    PRIMARY KEY (batch, item)
);

-- Views of the list of cases that officers save; what they select by is sealed in body.
CREATE TABLE list_views (
    id   TEXT PRIMARY KEY,
    body BYTEA NOT NULL
);

-- +goose Down
DROP TABLE list_views;
DROP TABLE refusals;
DROP TABLE batches;
