-- Layout 6. What sites allow.

---------------------------------------------------------------------------------------------------- facts

-- The robots.txt of each site, for a day.
CREATE TABLE robots (
  site       TEXT PRIMARY KEY, -- scheme, host and port
  arrived_at INTEGER NOT NULL,
  text_z     BLOB NOT NULL     -- as it came; empty where there is none
) STRICT, WITHOUT ROWID;
