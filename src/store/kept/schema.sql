-- Layout 1. Two kinds of tables: facts are never lost; derived rows can be made again from them by `derive`.
-- Moments are microseconds since 1970-01-01 UTC. `*_z` columns are deflated (zlib).

PRAGMA application_id = 0x62726368; -- "brch"

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Tells this database from any other, so that a search index made for another one is not trusted.
INSERT INTO meta VALUES ('store', lower(hex(randomblob(8))));

---------------------------------------------------------------------------------------------------- facts

-- What sources.toml said of each source when it was last read.
CREATE TABLE sources (
  source TEXT PRIMARY KEY,
  name   TEXT NOT NULL,
  url    TEXT NOT NULL,
  kind   TEXT NOT NULL,
  tags   TEXT NOT NULL, -- JSON list
  body   TEXT           -- CSS selector of the main text
) STRICT, WITHOUT ROWID;

-- How each source's visits went.
CREATE TABLE source_states (
  source TEXT PRIMARY KEY,
  state  TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

-- Every article that a source ever named, as it named it. Rows are never deleted.
CREATE TABLE items (
  article    INTEGER PRIMARY KEY,
  source     TEXT NOT NULL,
  item_z     BLOB NOT NULL,                    -- JSON
  seen_at    INTEGER,
  tries      INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER,
  failure    TEXT,                             -- why the last try gave no page
  page       TEXT NOT NULL DEFAULT 'waiting' CHECK (page IN ('waiting', 'kept', 'failed'))
) STRICT;
CREATE INDEX items_waiting ON items (source) WHERE page = 'waiting';
CREATE INDEX items_by_source ON items (source);

-- Every address by which an article is known: the one that was asked for, and the one that answered.
CREATE TABLE addresses (
  url     TEXT PRIMARY KEY,
  article INTEGER NOT NULL REFERENCES items
) STRICT, WITHOUT ROWID;

-- What the network gave. The bytes are dropped when `keep_pages` has passed and the article has been read.
CREATE TABLE pages (
  article    INTEGER PRIMARY KEY REFERENCES items,
  asked      TEXT NOT NULL,
  answered   TEXT NOT NULL,
  arrived_at INTEGER NOT NULL,
  status     INTEGER NOT NULL,
  headers    TEXT NOT NULL, -- JSON
  bytes_z    BLOB
) STRICT;
CREATE INDEX pages_by_arrival ON pages (arrived_at) WHERE bytes_z IS NOT NULL;

-- The articles as read from pages whose bytes were dropped. A fact: nothing else could give them again.
CREATE TABLE texts (
  article INTEGER PRIMARY KEY REFERENCES items,
  text_z  BLOB NOT NULL -- JSON
) STRICT;

CREATE TABLE runs (
  run      INTEGER PRIMARY KEY,
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  summary  TEXT -- JSON
) STRICT;

---------------------------------------------------------------------------------------------------- derived

-- Articles whose page is kept and that are not read yet with the rules of today.
CREATE TABLE unread (
  article INTEGER PRIMARY KEY
) STRICT;

-- What was read from each page: an article, or why it is none.
CREATE TABLE articles (
  article   INTEGER PRIMARY KEY REFERENCES items,
  digest    TEXT NOT NULL,           -- of the rules that read it
  outcome   TEXT NOT NULL CHECK (outcome IN ('extracted', 'kept', 'none', 'fault')), -- 'kept': in a language that is not extracted
  why       TEXT,                    -- JSON for 'none', words for 'fault'
  url       TEXT,
  title     TEXT,
  published TEXT,
  read_z    BLOB                     -- JSON of the article
) STRICT;

-- What each article says of each event.
CREATE TABLE reports (
  article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
  n       INTEGER NOT NULL,
  report  TEXT NOT NULL, -- JSON
  PRIMARY KEY (article, n)
) STRICT, WITHOUT ROWID;

-- The keys under which reports of one victim find each other. A report without any has one of its own.
CREATE TABLE victim_keys (
  key     TEXT NOT NULL,
  article INTEGER NOT NULL,
  n       INTEGER NOT NULL,
  PRIMARY KEY (key, article, n),
  FOREIGN KEY (article, n) REFERENCES reports ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX victim_keys_by_report ON victim_keys (article, n);

-- Which incident a report belongs to. Outlives the report, so that an article read again gives the same incident its name.
CREATE TABLE belongs (
  article  INTEGER NOT NULL,
  n        INTEGER NOT NULL,
  incident TEXT NOT NULL,
  PRIMARY KEY (article, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX belongs_by_incident ON belongs (incident);

-- The settled values of each incident; its reports are those that belong to it.
CREATE TABLE incidents (
  incident TEXT PRIMARY KEY,
  settled  TEXT NOT NULL,   -- JSON of the incident without its reports
  whole    INTEGER NOT NULL -- a hash of the incident with its reports: tells whether anything changed
) STRICT, WITHOUT ROWID;

-- What has to be merged again: victim keys, and incidents that lost a report.
CREATE TABLE unmerged (
  what TEXT NOT NULL CHECK (what IN ('key', 'incident')),
  id   TEXT NOT NULL,
  PRIMARY KEY (what, id)
) STRICT, WITHOUT ROWID;

-- The last change of each article and incident, in order. Search follows it; what is no longer there was removed.
CREATE TABLE changes (
  seq  INTEGER PRIMARY KEY AUTOINCREMENT,
  what TEXT NOT NULL CHECK (what IN ('article', 'incident')),
  id   TEXT NOT NULL,
  UNIQUE (what, id)
) STRICT;
