-- +goose Up

-- What processes that share this store say of themselves while they run: the ids of the keys they
-- have. at is when, ms.
CREATE TABLE processes (
    name TEXT PRIMARY KEY,
    at   BIGINT NOT NULL,
    says TEXT NOT NULL
);

-- +goose Down
DROP TABLE processes;
