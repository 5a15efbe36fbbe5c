-- +goose Up

-- Reports on their way out: submitted, sent back, issued. body says what they say and who did what.
CREATE TABLE report_papers (
    id      TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    state   TEXT NOT NULL,
    body    BYTEA NOT NULL
);
CREATE INDEX report_papers_state ON report_papers (state, id);

-- +goose Down
DROP TABLE report_papers;
