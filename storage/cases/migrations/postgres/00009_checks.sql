-- +goose Up

-- When a case is to be looked at next for steps that time makes: unix milliseconds,
-- worked out by some rules. What was filed before has none yet: rules '' are nobody's, so the
-- next sweeps look at those cases.
CREATE TABLE checks (
    kind  TEXT COLLATE "C" NOT NULL,
    rules TEXT COLLATE "C" NOT NULL,
    at    BIGINT NOT NULL,
    ref   BIGINT NOT NULL,
    PRIMARY KEY (kind, rules, at, ref)
);
INSERT INTO checks (kind, rules, at, ref) SELECT 'reminders', '', 0, ref FROM cases WHERE open OR status IN ('replied', 'reviewed');
INSERT INTO checks (kind, rules, at, ref) SELECT 'unclaimed', '', 0, ref FROM cases WHERE open AND officer = '';

-- A case's rows in checks, one a line; ? for those made above.
ALTER TABLE cases ADD COLUMN checks TEXT NOT NULL DEFAULT '?';

-- The latest moment of a sweep, and how often one lay far before it.
CREATE TABLE sweeps (
    one      BIGINT PRIMARY KEY,
    latest   BIGINT NOT NULL,
    set_back BIGINT NOT NULL
);
INSERT INTO sweeps (one, latest, set_back) VALUES (1, 0, 0);

-- +goose Down
DROP TABLE sweeps;
ALTER TABLE cases DROP COLUMN checks;
DROP TABLE checks;
