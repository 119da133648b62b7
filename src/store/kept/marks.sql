-- Layout 7. What has to be merged again is noted by report, no longer by the keys of its victim.

---------------------------------------------------------------------------------------------------- derived

-- What has to be merged again: reports that are new, reports as they were that are gone, and incidents that lost a report. In the order of
-- what they say, so that it makes no difference which article came first.
ALTER TABLE unmerged RENAME TO unmerged_by_key;
CREATE TABLE unmerged (
  what TEXT NOT NULL CHECK (what IN ('gone', 'incident', 'report')),
  id   TEXT NOT NULL, -- JSON; the incident; day and address of the article, its number and the report's
  PRIMARY KEY (what, id)
) STRICT, WITHOUT ROWID;
INSERT INTO unmerged SELECT what, id FROM unmerged_by_key WHERE what <> 'key';
INSERT OR IGNORE INTO unmerged
  SELECT 'report', published || ' ' || url || ' ' || article || '/' || n
  FROM unmerged_by_key JOIN victim_keys ON key = id JOIN articles USING (article) WHERE what = 'key';
DROP TABLE unmerged_by_key;
