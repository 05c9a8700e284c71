/// Records of other stores that could not stand among the samples, and lie apart.
public struct RecordsAside: Equatable, Sendable {
  /// What keeps a record from being taken.
  public enum Kind: String, Sendable, CaseIterable {
    /// Its bytes are no whole record, or not the one that was offered.
    case damaged
    /// This collector has a list of panels, and its panel is not in it.
    case unknownPanel = "unknown panel"
    /// Another sample has its id.
    case conflict
  }

  /// What was found of one of them.
  public struct Entry: Equatable, Sendable {
    public let kind: Kind
    /// Half a sentence for a person.
    public let reason: String

    public init(kind: Kind, reason: String) {
      self.kind = kind
      self.reason = reason
    }
  }

  /// How many lie there.
  public let count: Int
  /// What was found of the newest; nil when there is none.
  public let newest: Entry?

  public init(count: Int, newest: Entry?) {
    self.count = count
    self.newest = newest
  }

  /// The kind and the reason of a row; nil when there is none.
  static func entry(_ statement: borrowing Statement) throws(StoreError) -> Entry? {
    guard try statement.step() else { return nil }
    return Entry(kind: Kind(rawValue: statement.text(0)) ?? .damaged, reason: statement.text(1))
  }
}

extension Store {
  /// What was set aside here and still lies there.
  public func recordsAside() throws(StoreError) -> RecordsAside {
    let count = Int(try connection.integer("SELECT count(*) FROM set_aside") ?? 0)
    guard count > 0 else { return RecordsAside(count: 0, newest: nil) }
    return RecordsAside(
      count: count,
      newest: try RecordsAside.entry(
        connection.statement("SELECT kind, reason FROM set_aside ORDER BY wall DESC, id DESC LIMIT 1")))
  }
}
