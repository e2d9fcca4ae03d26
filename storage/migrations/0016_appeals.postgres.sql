-- An appeal may be about a standing as well.
ALTER TABLE appeals ADD COLUMN change_id BIGINT;
ALTER TABLE appeals ADD CONSTRAINT appeals_change FOREIGN KEY (change_id) REFERENCES standing_changes (id);
ALTER TABLE appeals DROP CONSTRAINT appeals_one_thing;
ALTER TABLE appeals ADD CONSTRAINT appeals_one_thing CHECK (
    (CASE WHEN withholding_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN judgment_id IS NULL THEN 0 ELSE 1 END)
    + (CASE WHEN change_id IS NULL THEN 0 ELSE 1 END) = 1);
CREATE UNIQUE INDEX appeals_once_change ON appeals (change_id) WHERE change_id IS NOT NULL;
