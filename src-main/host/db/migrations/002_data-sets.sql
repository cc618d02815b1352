-- Data sets that were made ready on this machine, or failed to be.
CREATE TABLE data_sets (
  id TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  status TEXT NOT NULL,
  train INTEGER NOT NULL,
  test INTEGER NOT NULL,
  classes TEXT NOT NULL,
  shape TEXT NOT NULL,
  benchmark INTEGER NOT NULL,
  fingerprint TEXT,
  path TEXT,
  broken_pictures TEXT NOT NULL,
  skipped TEXT NOT NULL,
  error TEXT,
  changed_at INTEGER NOT NULL
) WITHOUT ROWID;
