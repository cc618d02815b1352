-- How runs wait, are broken off and go on. Times are ms since 1970; JSON columns hold the shapes of shared/.
ALTER TABLE runs ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE runs ADD COLUMN sweep TEXT;
ALTER TABLE runs ADD COLUMN interruption TEXT;
ALTER TABLE runs ADD COLUMN applied TEXT;
ALTER TABLE runs ADD COLUMN certificate TEXT;
-- A change that the user asked for and no worker has made yet.
ALTER TABLE runs ADD COLUMN pending_change TEXT;
-- The process that trains, and when it last reported.
ALTER TABLE runs ADD COLUMN worker_pid INTEGER;
ALTER TABLE runs ADD COLUMN reported_at INTEGER;

-- Checkpoints by file. Those of before have no hash, and no training can go on from them.
CREATE TABLE checkpoints_by_file (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  file TEXT NOT NULL,
  seed INTEGER NOT NULL,
  kind TEXT NOT NULL,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  averaged INTEGER NOT NULL,
  top1 REAL,
  PRIMARY KEY (run, file)
) WITHOUT ROWID;
INSERT INTO checkpoints_by_file (run, file, seed, kind, step, epoch, bytes, sha256, saved_at, averaged)
  SELECT c.run, replace(c.file, 'checkpoints/', ''), c.seed, CASE c.kind WHEN 'best' THEN 'best' ELSE 'epoch' END, c.step,
    CASE WHEN s.steps_per_epoch > 0 THEN CAST(c.step AS REAL) / s.steps_per_epoch ELSE 0 END,
    c.bytes, '', coalesce(r.finished_at, r.started_at, r.created_at), 0
  FROM checkpoints AS c JOIN runs AS r ON r.run = c.run LEFT JOIN seeds AS s ON s.run = c.run AND s.seed = c.seed;
DROP TABLE checkpoints;
ALTER TABLE checkpoints_by_file RENAME TO checkpoints;

CREATE TABLE alerts (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  alert INTEGER NOT NULL,
  at INTEGER NOT NULL,
  seed INTEGER,
  step INTEGER,
  kind TEXT NOT NULL,
  figures TEXT NOT NULL,
  PRIMARY KEY (run, alert)
) WITHOUT ROWID;

-- What a few real steps of a config took on this machine; the key names both.
CREATE TABLE probes (
  key TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  result TEXT NOT NULL
) WITHOUT ROWID;
