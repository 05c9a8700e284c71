/// The tables of the store, and how an older store becomes a newer one.
///
/// Counts, ranks and the board are kept up by triggers in the transaction of whatever changes them, so that nothing which a
/// visitor waits for grows with the number of samples.
enum Schema {
  /// "DgPn": tells our files from other programs' (sqlite.org/pragma.html#pragma_application_id).
  static let applicationID: Int64 = 0x4467_506E

  /// Each makes version n + 1 out of version n, in one transaction. What is released is never changed, only added to.
  static let migrations: [String] = [
    version1, uploads, verdicts, names, exchange, nameless, balance, withdrawals, together,
  ]

  /// The names of rows in `counters`.
  enum Counter {
    /// The number of the newest sample of this panel.
    static let sequence = "sequence"
    static let samples = "samples"
    static let contributors = "contributors"
    static let acknowledged = "acknowledged"
    static func digit(_ digit: Int) -> String { "digit\(digit)" }
    /// Samples of a digit that this store's own panel has drawn and that are still here.
    static func own(_ digit: Int) -> String { "own\(digit)" }
  }

  private static let version1 = """
    -- What this store knows of itself: 'panel' is the 16 bytes of its identity.
    CREATE TABLE settings (
      key TEXT PRIMARY KEY NOT NULL,
      value ANY
    ) STRICT, WITHOUT ROWID;

    -- Panels whose samples lie here. On a panel that is only itself.
    CREATE TABLE panels (
      id INTEGER PRIMARY KEY,
      uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16)
    ) STRICT;

    -- Visitors by pseudonym. The name is here and nowhere else, only if it may be shown, and can be dropped.
    CREATE TABLE contributors (
      id INTEGER PRIMARY KEY,
      pseudonym BLOB NOT NULL UNIQUE CHECK (length(pseudonym) = 16),
      name TEXT,
      -- The name as it is compared: without case.
      name_key TEXT,
      samples INTEGER NOT NULL DEFAULT 0,
      -- Samples that count on the board, and the row of the newest of them: who was there first stands higher.
      score INTEGER NOT NULL DEFAULT 0,
      scored_at INTEGER NOT NULL DEFAULT 0,
      -- The digits drawn in the visitor's present round of ten, a bit each.
      round INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX contributors_by_score ON contributors (score DESC, scored_at) WHERE score > 0;
    CREATE INDEX contributors_by_name ON contributors (name_key) WHERE name_key IS NOT NULL;

    -- How many contributors have each score: the rank is a sum over this small table.
    CREATE TABLE scores (
      score INTEGER PRIMARY KEY,
      contributors INTEGER NOT NULL
    ) STRICT;

    -- Visits, and the code with which a visit's drawings can be withdrawn.
    CREATE TABLE receipts (
      id INTEGER PRIMARY KEY,
      session BLOB NOT NULL UNIQUE CHECK (length(session) = 16),
      code TEXT NOT NULL
    ) STRICT;
    CREATE INDEX receipts_by_code ON receipts (code);

    -- Samples. The record is the truth, byte for byte as in RECORD.md; the columns before it are taken from it, so that
    -- queries need not read it. It is NULL once it was pruned, after a collector had confirmed it.
    CREATE TABLE samples (
      id INTEGER PRIMARY KEY,
      uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
      panel INTEGER NOT NULL REFERENCES panels (id),
      sequence INTEGER NOT NULL,
      contributor INTEGER NOT NULL REFERENCES contributors (id),
      receipt INTEGER NOT NULL REFERENCES receipts (id),
      label INTEGER NOT NULL CHECK (label BETWEEN 0 AND 9),
      -- What was read: the digit, its probability and that of none in 1/65536; NULL where no recogniser ran.
      digit INTEGER,
      confidence INTEGER,
      rejection INTEGER,
      flags INTEGER NOT NULL,
      scored INTEGER NOT NULL CHECK (scored IN (0, 1)),
      data_set INTEGER NOT NULL CHECK (data_set IN (0, 1)),
      wall INTEGER NOT NULL,
      clock INTEGER NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      record BLOB
    ) STRICT;
    CREATE INDEX samples_by_receipt ON samples (receipt);

    -- Samples that a collector has confirmed after its own commit.
    CREATE TABLE acknowledgements (
      sample INTEGER PRIMARY KEY REFERENCES samples (id) ON DELETE CASCADE,
      collector BLOB NOT NULL CHECK (length(collector) = 16),
      wall INTEGER NOT NULL
    ) STRICT;

    -- What was withdrawn and must never come back: a visit or a sample.
    CREATE TABLE tombstones (
      uuid BLOB PRIMARY KEY NOT NULL CHECK (length(uuid) = 16),
      kind TEXT NOT NULL CHECK (kind IN ('session', 'sample')),
      wall INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- The block of ten that this panel is in.
    CREATE TABLE blocks (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      digits TEXT NOT NULL,
      remaining INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE counters (
      name TEXT PRIMARY KEY NOT NULL,
      value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO counters VALUES ('sequence', 0), ('samples', 0), ('contributors', 0), ('acknowledged', 0),
      ('digit0', 0), ('digit1', 0), ('digit2', 0), ('digit3', 0), ('digit4', 0),
      ('digit5', 0), ('digit6', 0), ('digit7', 0), ('digit8', 0), ('digit9', 0);

    CREATE TRIGGER sample_added AFTER INSERT ON samples BEGIN
      UPDATE counters SET value = value + 1 WHERE name IN ('samples', 'digit' || NEW.label);
      UPDATE contributors SET
        samples = samples + 1,
        score = score + NEW.scored,
        scored_at = iif(NEW.scored, NEW.id, scored_at),
        round = iif((round | (1 << NEW.label)) = 1023, 0, round | (1 << NEW.label))
        WHERE id = NEW.contributor;
    END;
    CREATE TRIGGER sample_removed AFTER DELETE ON samples BEGIN
      UPDATE counters SET value = value - 1 WHERE name IN ('samples', 'digit' || OLD.label);
      UPDATE contributors SET samples = samples - 1, score = score - OLD.scored WHERE id = OLD.contributor;
    END;
    CREATE TRIGGER contributor_added AFTER INSERT ON contributors BEGIN
      UPDATE counters SET value = value + 1 WHERE name = 'contributors';
    END;
    CREATE TRIGGER contributor_removed AFTER DELETE ON contributors BEGIN
      UPDATE counters SET value = value - 1 WHERE name = 'contributors';
    END;
    CREATE TRIGGER score_changed AFTER UPDATE OF score ON contributors WHEN NEW.score <> OLD.score BEGIN
      INSERT INTO scores SELECT NEW.score, 1 WHERE NEW.score > 0
        ON CONFLICT (score) DO UPDATE SET contributors = contributors + 1;
      UPDATE scores SET contributors = contributors - 1 WHERE score = OLD.score;
      DELETE FROM scores WHERE score = OLD.score AND contributors <= 0;
    END;
    CREATE TRIGGER acknowledged AFTER INSERT ON acknowledgements BEGIN
      UPDATE counters SET value = value + 1 WHERE name = 'acknowledged';
    END;
    CREATE TRIGGER unacknowledged AFTER DELETE ON acknowledgements BEGIN
      UPDATE counters SET value = value - 1 WHERE name = 'acknowledged';
    END;
    """

  /// What a store remembers of databases that it was uploaded to.
  private static let uploads = """
    -- Databases that samples were uploaded to. All samples up to the row 'done' are there, or among the refusals.
    CREATE TABLE destinations (
      id INTEGER PRIMARY KEY,
      uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
      done INTEGER NOT NULL DEFAULT 0,
      -- Names that were dropped up to this row of dropped_names are dropped there too.
      names INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    -- The batches in which they went: a database that no longer knows one was restored from an older copy.
    CREATE TABLE uploads (
      batch BLOB PRIMARY KEY NOT NULL CHECK (length(batch) = 16),
      destination INTEGER NOT NULL REFERENCES destinations (id),
      after INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Samples that a database would not have.
    CREATE TABLE refusals (
      sample INTEGER NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
      destination INTEGER NOT NULL REFERENCES destinations (id),
      reason TEXT NOT NULL,
      PRIMARY KEY (sample, destination)
    ) STRICT, WITHOUT ROWID;

    -- Visitors whose names were shown once and are no longer: every copy of a name is to go.
    CREATE TABLE dropped_names (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      pseudonym BLOB NOT NULL UNIQUE CHECK (length(pseudonym) = 16)
    ) STRICT;
    CREATE TRIGGER name_dropped AFTER UPDATE OF name ON contributors WHEN OLD.name IS NOT NULL AND NEW.name IS NULL BEGIN
      INSERT OR REPLACE INTO dropped_names (pseudonym) VALUES (NEW.pseudonym);
    END;

    -- The row of the newest sample is given again once that sample is deleted.
    CREATE TRIGGER upload_row_free AFTER DELETE ON samples BEGIN
      UPDATE destinations SET done = min(done, coalesce((SELECT max(id) FROM samples), 0));
    END;
    """

  /// What people say of drawings that they looked at.
  private static let verdicts = """
    -- The last verdict on a sample, beside it: the record never changes. It goes with the sample.
    CREATE TABLE verdicts (
      sample INTEGER PRIMARY KEY REFERENCES samples (id) ON DELETE CASCADE,
      verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'relabel')),
      -- The digit that it is, where it is another one than was asked for.
      label INTEGER CHECK (label BETWEEN 0 AND 9),
      wall INTEGER NOT NULL,
      CHECK ((verdict = 'relabel') = (label IS NOT NULL))
    ) STRICT;
    """

  /// Names that were dropped stay dropped.
  private static let names = """
    -- Whether the name was dropped: what comes of this visitor later does not bring it back.
    ALTER TABLE contributors ADD COLUMN is_anonymous INTEGER NOT NULL DEFAULT 0 CHECK (is_anonymous IN (0, 1));
    """

  /// What a store needs to take samples from others.
  private static let exchange = """
    -- Two samples under one number of one panel: its store was copied, and both copies went on. Both are kept.
    CREATE INDEX samples_by_sequence ON samples (panel, sequence);

    -- Records that came from another store and cannot stand among the samples, with the reason. They are confirmed to
    -- nobody, so they stay where they came from too.
    CREATE TABLE set_aside (
      id INTEGER PRIMARY KEY,
      -- As it was offered.
      uuid BLOB NOT NULL CHECK (length(uuid) = 16),
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      -- The visit, where the record says it.
      session BLOB,
      -- The store that offered it, and its row there.
      source BLOB NOT NULL CHECK (length(source) = 16),
      source_row INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('damaged', 'unknown panel', 'conflict')),
      reason TEXT NOT NULL,
      wall INTEGER NOT NULL,
      record BLOB NOT NULL,
      UNIQUE (uuid, hash)
    ) STRICT;

    -- How far other stores have been drained into this one; some rows, so that a store that was restored from a copy is
    -- offered again from where the copy was made.
    CREATE TABLE marks (
      source BLOB NOT NULL CHECK (length(source) = 16),
      source_row INTEGER NOT NULL,
      uuid BLOB NOT NULL CHECK (length(uuid) = 16),
      PRIMARY KEY (source, source_row)
    ) STRICT, WITHOUT ROWID;

    -- The stores that were drained into this one, what they call themselves, and when, by this machine's clock.
    CREATE TABLE sources (
      uuid BLOB PRIMARY KEY NOT NULL CHECK (length(uuid) = 16),
      name TEXT NOT NULL,
      last_sync INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Their clocks beside this machine's, at one instant of each boot: nanoseconds since that boot, wall clock and its
    -- quality there; wall clock and its quality here.
    CREATE TABLE anchors (
      source BLOB NOT NULL CHECK (length(source) = 16),
      boot BLOB NOT NULL CHECK (length(boot) = 16),
      since_boot INTEGER NOT NULL,
      wall INTEGER NOT NULL,
      clock INTEGER NOT NULL,
      collector_wall INTEGER NOT NULL,
      collector_clock INTEGER NOT NULL,
      PRIMARY KEY (source, boot)
    ) STRICT, WITHOUT ROWID;
    """

  /// Names that were dropped in one store are dropped in all.
  private static let nameless = """
    -- 'dropped_names' has all visitors from now on whose names were dropped for good, here or in a store or database that this
    -- one was synchronised with, whether they are known here or not. A name that a later drawing comes without is no such case.
    DROP TRIGGER name_dropped;
    INSERT OR IGNORE INTO dropped_names (pseudonym) SELECT pseudonym FROM contributors WHERE is_anonymous = 1;
    UPDATE contributors SET name = NULL, name_key = NULL, is_anonymous = 1
      WHERE pseudonym IN (SELECT pseudonym FROM dropped_names);
    CREATE TRIGGER contributor_is_nameless AFTER INSERT ON contributors
      WHEN EXISTS (SELECT 1 FROM dropped_names WHERE pseudonym = NEW.pseudonym) BEGIN
      UPDATE contributors SET name = NULL, name_key = NULL, is_anonymous = 1 WHERE id = NEW.id;
    END;
    """
}
