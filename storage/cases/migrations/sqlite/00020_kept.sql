-- +goose Up

-- What officers keep for themselves: words typed into a form that is not sent, texts of their own.
-- hash is a keyed hash; everything else about it is sealed in body.
CREATE TABLE kept (
    hash   BLOB PRIMARY KEY,
    person TEXT NOT NULL,
    at     BIGINT NOT NULL,
    until  BIGINT NOT NULL,
    body   BLOB NOT NULL
);
CREATE INDEX kept_person ON kept (person, at);
CREATE INDEX kept_until ON kept (until);

-- +goose Down
DROP TABLE kept;
