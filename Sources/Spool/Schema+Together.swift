extension Schema {
  /// Samples and confirmations that are added together are counted together.
  static let together = """
    -- While 'together' stands among the settings, who adds samples or confirmations counts them: for all of them at once, in the
    -- same transaction, and takes it away again before that ends. It is never there to be seen by anybody else.
    DROP TRIGGER sample_added;
    CREATE TRIGGER sample_added AFTER INSERT ON samples
      WHEN NOT EXISTS (SELECT 1 FROM settings WHERE key = 'together') BEGIN
      UPDATE counters SET value = value + 1 WHERE name = 'samples';
      UPDATE counters SET value = value + 1 WHERE name = 'digit' || NEW.label;
      UPDATE contributors SET
        samples = samples + 1,
        score = score + NEW.scored,
        scored_at = iif(NEW.scored, NEW.id, scored_at),
        round = iif((round | (1 << NEW.label)) = 1023, 0, round | (1 << NEW.label))
        WHERE id = NEW.contributor;
    END;
    DROP TRIGGER own_sample_added;
    CREATE TRIGGER own_sample_added AFTER INSERT ON samples
      WHEN NOT EXISTS (SELECT 1 FROM settings WHERE key = 'together')
        AND NEW.panel = (SELECT id FROM panels WHERE uuid = (SELECT value FROM settings WHERE key = 'panel')) BEGIN
      UPDATE counters SET value = value + 1 WHERE name = 'own' || NEW.label;
    END;
    DROP TRIGGER acknowledged;
    CREATE TRIGGER acknowledged AFTER INSERT ON acknowledgements
      WHEN NOT EXISTS (SELECT 1 FROM settings WHERE key = 'together') BEGIN
      UPDATE counters SET value = value + 1 WHERE name = 'acknowledged';
    END;
    """
}
