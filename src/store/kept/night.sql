-- Layout 4. What nightly runs and watches have told, and what is still to be delivered.

---------------------------------------------------------------------------------------------------- facts

-- Why a run ended early.
ALTER TABLE runs ADD COLUMN failure TEXT;

-- Incidents that changed in a run and that no summary has told yet: a run that was cut off leaves them to the next one.
CREATE TABLE news (
  incident TEXT PRIMARY KEY,
  before   TEXT -- JSON of the incident without its reports as it was before; NULL where it was not there
) STRICT, WITHOUT ROWID;

-- What each watch has looked at.
CREATE TABLE watches (
  watch   TEXT PRIMARY KEY,
  article INTEGER NOT NULL, -- the last article that was there before the watch: only what later ones tell is news to it
  seq     INTEGER NOT NULL  -- the number of the last change that it has looked at
) STRICT, WITHOUT ROWID;

-- What each watch has told of each incident.
CREATE TABLE told (
  watch    TEXT NOT NULL,
  incident TEXT NOT NULL, -- the name that the incident bore then
  victim   TEXT NOT NULL, -- folded
  state    TEXT NOT NULL, -- JSON: what was known when it was last told
  told_at  INTEGER NOT NULL,
  PRIMARY KEY (watch, incident)
) STRICT, WITHOUT ROWID;

-- By which articles: finds an incident again that bears another name by now.
CREATE TABLE told_articles (
  watch    TEXT NOT NULL,
  article  INTEGER NOT NULL,
  incident TEXT NOT NULL,
  PRIMARY KEY (watch, article, incident)
) STRICT, WITHOUT ROWID;

-- Every notice on its way to every place it goes to, and those that have arrived.
CREATE TABLE outbox (
  delivery     INTEGER PRIMARY KEY AUTOINCREMENT,
  watch        TEXT NOT NULL,
  channel      TEXT NOT NULL,
  incident     TEXT NOT NULL,
  notice       TEXT NOT NULL, -- JSON
  queued_at    INTEGER NOT NULL,
  tries        INTEGER NOT NULL DEFAULT 0,
  not_before   INTEGER,
  failure      TEXT,          -- why the last try failed
  delivered_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (watch, channel) WHERE delivered_at IS NULL;
CREATE INDEX outbox_delivered ON outbox (watch, delivered_at) WHERE delivered_at IS NOT NULL;

-- When each source named something new.
DROP INDEX items_by_source;
CREATE INDEX items_by_source ON items (source, seen_at);
