-- The newest judgment and the newest entry when a week's top-ups were settled. What comes after them belongs to a later week, though a clock
-- that was set back may have it answered in this one. Weeks from before have none, and hold all that was answered in them.
ALTER TABLE topup_weeks ADD COLUMN through_judgment_id BIGINT;
ALTER TABLE topup_weeks ADD COLUMN through_entry_id BIGINT;
