/** Each entry leads from the version that is its index to the next. Append only. */
export const MIGRATIONS: readonly string[] = [`
  CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    bytes BLOB NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    ranges TEXT NOT NULL DEFAULT '[]',
    report BLOB
  ) STRICT;
  CREATE INDEX jobs_by_age ON jobs (created, id);
  CREATE INDEX jobs_open ON jobs (created, id) WHERE state <> 'closed';

  CREATE TABLE commands (
    job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    hash BLOB NOT NULL,
    acceptance BLOB,
    PRIMARY KEY (job, seq)
  ) STRICT;

  CREATE TABLE pages (
    job TEXT NOT NULL,
    seq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    hash BLOB NOT NULL,
    firstPiece INTEGER NOT NULL,
    seal BLOB,
    PRIMARY KEY (job, seq, number),
    FOREIGN KEY (job, seq) REFERENCES commands ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE progress (
    job TEXT NOT NULL,
    seq INTEGER NOT NULL,
    pieces BLOB NOT NULL,
    sources TEXT NOT NULL,
    switches INTEGER NOT NULL,
    startedAt INTEGER NOT NULL,
    PRIMARY KEY (job, seq),
    FOREIGN KEY (job, seq) REFERENCES commands ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE outcomes (
    job TEXT NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (job, seq),
    FOREIGN KEY (job, seq) REFERENCES commands ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE receipts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE,
    node TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,
    final TEXT,
    bytes BLOB NOT NULL,
    hash BLOB NOT NULL,
    outbox INTEGER NOT NULL,
    recordedAt INTEGER NOT NULL,
    UNIQUE (job, node, number)
  ) STRICT;
  CREATE UNIQUE INDEX receipts_final ON receipts (job, node, final) WHERE final IS NOT NULL;
  CREATE INDEX receipts_outbox ON receipts (id) WHERE outbox = 1;

  CREATE TABLE members (
    peer TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    labels TEXT NOT NULL,
    enrolledAt INTEGER NOT NULL,
    lastSeen INTEGER NOT NULL,
    uploadRate INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE invitations (nonce BLOB PRIMARY KEY, peer TEXT NOT NULL) STRICT, WITHOUT ROWID;
`, `
  CREATE TABLE repairs (
    nonce BLOB PRIMARY KEY,
    peer TEXT NOT NULL,
    job TEXT NOT NULL,
    action INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    at INTEGER NOT NULL,
    outcome BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX repairs_of_job ON repairs (job, at);

  CREATE TABLE absences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    peer TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER
  ) STRICT;
  CREATE INDEX absences_of_peer ON absences (peer, id);

  CREATE TABLE notices (
    job TEXT PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
    provider TEXT NOT NULL,
    url TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    nextAt INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX notices_of_provider ON notices (provider, job);
`, `
  CREATE TABLE published (
    path TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    seq INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtimeNs TEXT NOT NULL,
    ino TEXT NOT NULL,
    at INTEGER NOT NULL,
    expires INTEGER,
    digest BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX published_expiring ON published (expires) WHERE expires IS NOT NULL;
  CREATE INDEX published_undigested ON published (path) WHERE digest IS NULL;
`]
