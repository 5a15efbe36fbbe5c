-- +goose Up

-- Leaders' reception days. Who receives, where and what for is published, and sealed in body all the same.
CREATE TABLE reception_days (
    id      TEXT PRIMARY KEY,
    date    TEXT NOT NULL,
    time    TEXT NOT NULL,
    state   TEXT NOT NULL,
    version BIGINT NOT NULL,
    body    BYTEA NOT NULL
);
CREATE INDEX reception_days_date ON reception_days (date, time, id);

-- Appointments. number is that of the case, '' where none is shown; owner a keyed hash of the chat
-- and asked one of the booking's idempotency key. slot and seat are NULL where no seat is
-- taken; tell is when something is told next, unix milliseconds, 0 = nothing. personal is 1 while
-- body says who is told, what it is about or how somebody wants to be called.
CREATE TABLE appointments (
    id       TEXT PRIMARY KEY,
    day      TEXT NOT NULL,
    slot     BIGINT,
    seat     BIGINT,
    state    TEXT NOT NULL,
    number   TEXT NOT NULL,
    owner    BYTEA NOT NULL,
    asked    BYTEA NOT NULL UNIQUE,
    made     BIGINT NOT NULL,
    tell     BIGINT NOT NULL,
    personal BIGINT NOT NULL,
    body     BYTEA NOT NULL,
    UNIQUE (day, slot, seat)
);
CREATE UNIQUE INDEX appointments_of_case ON appointments (number) WHERE state = 'booked';
CREATE INDEX appointments_owner ON appointments (owner, made);
CREATE INDEX appointments_number ON appointments (number, made);
CREATE INDEX appointments_personal ON appointments (day) WHERE personal = 1;
CREATE INDEX appointments_tell ON appointments (tell) WHERE tell > 0;

-- +goose Down
DROP TABLE appointments;
DROP TABLE reception_days;
