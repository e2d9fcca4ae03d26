-- Cards of every kind: which of two answers is read first, whether a card is a rich message, and in which words a person wants them.
ALTER TABLE assignments ADD COLUMN flipped BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assignments ADD COLUMN rich BIGINT NOT NULL DEFAULT 0;
ALTER TABLE judgments ADD COLUMN flipped BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN plain_text BIGINT NOT NULL DEFAULT 0;
