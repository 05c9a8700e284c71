extension Schema {
  /// What is withdrawn says whether it is a visit or a drawing, and what it takes away is found without reading a whole table.
  static let withdrawals = """
    -- A visit and a sample side by side, should anybody name both by one number: one of them would hide the other.
    CREATE TABLE tombstones_by_kind (
      uuid BLOB NOT NULL CHECK (length(uuid) = 16),
      kind TEXT NOT NULL CHECK (kind IN ('session', 'sample')),
      wall INTEGER NOT NULL,
      PRIMARY KEY (uuid, kind)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO tombstones_by_kind SELECT uuid, kind, wall FROM tombstones;
    DROP TABLE tombstones;
    ALTER TABLE tombstones_by_kind RENAME TO tombstones;

    -- A visitor goes with the last drawing: whether there is one is looked up and not searched for.
    CREATE INDEX samples_by_contributor ON samples (contributor);
    CREATE INDEX set_aside_by_session ON set_aside (session) WHERE session IS NOT NULL;
    """
}
