extension Schema {
  /// What a panel has of each digit, without what was collected or imported beside it: with that the balance comes back after
  /// drawings were withdrawn.
  static let balance = """
    INSERT INTO counters VALUES ('own0', 0), ('own1', 0), ('own2', 0), ('own3', 0), ('own4', 0),
      ('own5', 0), ('own6', 0), ('own7', 0), ('own8', 0), ('own9', 0);
    -- Where all samples are its own they are counted already; a million of them need not be read.
    INSERT INTO counters SELECT 'own' || substr(name, 6), value FROM counters
      WHERE name BETWEEN 'digit0' AND 'digit9' AND NOT EXISTS (
        SELECT 1 FROM panels WHERE uuid <> (SELECT value FROM settings WHERE key = 'panel'))
      ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    INSERT INTO counters SELECT 'own' || label, count(*) FROM samples INDEXED BY samples_by_sequence
      WHERE panel = (SELECT id FROM panels WHERE uuid = (SELECT value FROM settings WHERE key = 'panel'))
        AND EXISTS (SELECT 1 FROM panels WHERE uuid <> (SELECT value FROM settings WHERE key = 'panel'))
      GROUP BY label
      ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    CREATE TRIGGER own_sample_added AFTER INSERT ON samples
      WHEN NEW.panel = (SELECT id FROM panels WHERE uuid = (SELECT value FROM settings WHERE key = 'panel')) BEGIN
      UPDATE counters SET value = value + 1 WHERE name = 'own' || NEW.label;
    END;
    CREATE TRIGGER own_sample_removed AFTER DELETE ON samples
      WHEN OLD.panel = (SELECT id FROM panels WHERE uuid = (SELECT value FROM settings WHERE key = 'panel')) BEGIN
      UPDATE counters SET value = value - 1 WHERE name = 'own' || OLD.label;
    END;
    """
}
