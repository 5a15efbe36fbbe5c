-- +goose Up

-- Disputes that are settled before anybody petitions. id is the number. What people wrote, who
-- reported it and who the parties are is sealed in body; key, owner and officer are keyed hashes of
-- what it was reported under, of the chat and of the officer. next is the first day on which
-- something falls due, untold says that somebody is still to be told of something.
CREATE TABLE disputes (
    id       TEXT PRIMARY KEY,
    key      BLOB NOT NULL UNIQUE,
    version  BIGINT NOT NULL,
    unit     TEXT NOT NULL,
    status   TEXT NOT NULL,
    received BIGINT NOT NULL,
    round    TEXT NOT NULL,
    next     TEXT NOT NULL,
    untold   BOOLEAN NOT NULL,
    owner    BLOB,
    officer  BLOB,
    body     BLOB NOT NULL
);
CREATE INDEX disputes_unit ON disputes (unit, received);
CREATE INDEX disputes_received ON disputes (received);
CREATE INDEX disputes_round ON disputes (round, received);
CREATE INDEX disputes_owner ON disputes (owner, received);
CREATE INDEX disputes_officer ON disputes (officer, received);
CREATE INDEX disputes_next ON disputes (status, next);
CREATE INDEX disputes_untold ON disputes (id) WHERE untold;

-- Surveys of a unit's villages in which disputes are looked for.
CREATE TABLE survey_rounds (
    id   TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX survey_rounds_unit ON survey_rounds (unit);

-- +goose Down
DROP TABLE survey_rounds;
DROP TABLE disputes;
