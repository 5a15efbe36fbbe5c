-- +goose Up

-- Counts of a place and month: conversations begun at a code on a poster, rounds of the quiz. Nothing of a person.
CREATE TABLE tallies (
    month   TEXT NOT NULL,
    place   TEXT NOT NULL,
    village TEXT NOT NULL,
    what    TEXT NOT NULL,
    n       BIGINT NOT NULL,
    PRIMARY KEY (month, place, village, what)
);

-- +goose Down
DROP TABLE tallies;
