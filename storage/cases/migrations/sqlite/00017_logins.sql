-- +goose Up

-- How officers sign in at the desk. name is a keyed hash; name, password hash and secret of the
-- codes are sealed in body.
CREATE TABLE logins (
    id      TEXT PRIMARY KEY,
    name    BLOB NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    body    BLOB NOT NULL
);

-- +goose Down
DROP TABLE logins;
