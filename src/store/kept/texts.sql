-- Layout 5. Versions of articles that changed, and which articles tell one text.

---------------------------------------------------------------------------------------------------- facts

-- How often the page of an article was asked for again, to see whether it changed.
CREATE TABLE rechecks (
  article    INTEGER PRIMARY KEY REFERENCES items,
  done       INTEGER NOT NULL, -- points of the schedule that have passed
  checked_at INTEGER NOT NULL
) STRICT;

-- What an article was before it changed, the oldest first. Its page is in `pages` as it is now.
CREATE TABLE versions (
  article    INTEGER NOT NULL REFERENCES items,
  n          INTEGER NOT NULL, -- from 1
  arrived_at INTEGER NOT NULL,
  headers    TEXT NOT NULL,    -- JSON
  text_z     BLOB NOT NULL,    -- JSON of the article as it was read
  bytes_z    BLOB,             -- dropped when `keep_pages` has passed
  PRIMARY KEY (article, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX addresses_by_article ON addresses (article);

---------------------------------------------------------------------------------------------------- derived

-- For finding texts that are alike: a few numbers of each article.
CREATE TABLE sketches (
  hash    INTEGER NOT NULL,
  article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
  PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX sketches_by_article ON sketches (article);

-- Articles that tell the text of an earlier one: 'address' where it is the same article, found under another address.
CREATE TABLE alike (
  article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
  first   INTEGER NOT NULL,
  how     TEXT NOT NULL CHECK (how IN ('address', 'copy'))
) STRICT;
CREATE INDEX alike_by_first ON alike (first);
