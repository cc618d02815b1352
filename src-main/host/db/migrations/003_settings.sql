-- What the user chose, and what the host remembers between starts (keys that begin with "host.").
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
