-- +goose Up

-- The last number of each outgoing register: of an organ (机关代字) and a year.
CREATE TABLE document_numbers (
    organ TEXT COLLATE "C" NOT NULL,
    year  BIGINT NOT NULL,
    last  BIGINT NOT NULL,
    PRIMARY KEY (organ, year)
);

-- +goose Down
DROP TABLE document_numbers;
