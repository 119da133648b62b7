-- Layout 2. What analysts said, and which incidents they hid.

---------------------------------------------------------------------------------------------------- facts

-- Every edit, in the order in which they were made. Rows are never changed or deleted: what is taken back is an edit as well.
CREATE TABLE edits (
  edit     INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL,
  author   TEXT NOT NULL,
  incident TEXT NOT NULL, -- the name that the incident bore then
  reports  TEXT NOT NULL, -- JSON: the reports that it held then, each with its victim
  act      TEXT NOT NULL  -- JSON
) STRICT;
CREATE INDEX edits_by_incident ON edits (incident);

-- Which articles the reports of each edit are from.
CREATE TABLE edit_articles (
  article INTEGER NOT NULL REFERENCES items,
  edit    INTEGER NOT NULL REFERENCES edits,
  PRIMARY KEY (article, edit)
) STRICT, WITHOUT ROWID;
CREATE INDEX edit_articles_by_edit ON edit_articles (edit);

---------------------------------------------------------------------------------------------------- derived

ALTER TABLE incidents ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0; -- whether it is left out of lists and counts
