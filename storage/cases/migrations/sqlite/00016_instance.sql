-- +goose Up

-- Which store this is. A store that was restored from a backup has another id than the one the
-- backup is of, and state says whether it may be worked with: '' = yes, 'restoring' = it is half
-- filled, 'restored' = nobody has said yet that the original is off. restored is when, made when
-- the backup was. backup_at is when the newest backup of this store was made, backup_place where
-- it lies, backup_claim until when a process makes one.
CREATE TABLE instance (
    one          BIGINT PRIMARY KEY,
    id           TEXT NOT NULL,
    state        TEXT NOT NULL,
    restored     BIGINT NOT NULL,
    made         BIGINT NOT NULL,
    backup_at    BIGINT NOT NULL,
    backup_place TEXT NOT NULL,
    backup_claim BIGINT NOT NULL
);
INSERT INTO instance (one, id, state, restored, made, backup_at, backup_place, backup_claim) VALUES (1, '', '', 0, 0, 0, '', 0);

-- +goose Down
DROP TABLE instance;
