-- Layout 3. Which hosts are left alone.

---------------------------------------------------------------------------------------------------- facts

-- Hosts, with their port where it is not the usual one, that answered 429 or 503, and until when they are not asked.
CREATE TABLE put_off (
  host   TEXT PRIMARY KEY,
  until  INTEGER NOT NULL,
  status INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
