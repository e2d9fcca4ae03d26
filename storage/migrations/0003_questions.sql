-- Questions of every kind: which of two answers was read first, and in which words and forms a person wants to read.
ALTER TABLE assignments ADD COLUMN flipped BIGINT NOT NULL DEFAULT 0;
ALTER TABLE judgments ADD COLUMN flipped BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN plain_text BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assignments ADD COLUMN plain BIGINT NOT NULL DEFAULT 0;
