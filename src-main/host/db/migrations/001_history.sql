-- Runs and what they reported. `run` is the number in the id r-0001; JSON columns hold the shapes of shared/.
CREATE TABLE runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  recipe_id TEXT NOT NULL,
  recipe TEXT NOT NULL,
  config TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  queue_position INTEGER,
  changes INTEGER NOT NULL,
  environment TEXT,
  data TEXT,
  verdict TEXT,
  error TEXT,
  removed_at INTEGER
);
CREATE INDEX runs_by_recipe ON runs (recipe_id, status);

CREATE TABLE seeds (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  seed INTEGER NOT NULL,
  status TEXT NOT NULL,
  step INTEGER NOT NULL DEFAULT 0,
  total_steps INTEGER NOT NULL DEFAULT 0,
  steps_per_epoch INTEGER NOT NULL DEFAULT 0,
  train_seconds REAL NOT NULL DEFAULT 0,
  top1 REAL,
  result TEXT,
  PRIMARY KEY (run, seed)
) WITHOUT ROWID;

CREATE TABLE epochs (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  seed INTEGER NOT NULL,
  step INTEGER NOT NULL,
  final INTEGER NOT NULL,
  epoch REAL NOT NULL,
  train_loss REAL,
  train_top1 REAL,
  test_loss REAL,
  test_top1 REAL,
  test_top5 REAL,
  train_seconds REAL NOT NULL,
  PRIMARY KEY (run, seed, step, final)
) WITHOUT ROWID;

CREATE TABLE steps (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  seed INTEGER NOT NULL,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  loss REAL NOT NULL,
  lr REAL NOT NULL,
  PRIMARY KEY (run, seed, step)
) WITHOUT ROWID;

CREATE TABLE checkpoints (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  seed INTEGER NOT NULL,
  kind TEXT NOT NULL,
  file TEXT NOT NULL,
  step INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (run, seed, kind)
) WITHOUT ROWID;

CREATE TABLE log_lines (
  run INTEGER NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  at INTEGER NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run, line)
) WITHOUT ROWID;
