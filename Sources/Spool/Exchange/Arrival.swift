/// A record that came from another store, after it was looked at.
public struct Arrival: Sendable {
  /// What the bytes turned out to be.
  public enum Kind: Sendable {
    /// A whole record of the sample that was offered; the drawing is in the bytes alone.
    case sound(Sample)
    /// A whole record from a panel that this collector does not take from.
    case stranger(Sample)
    /// No record, or not the one that was offered; with the reason.
    case damaged(String)
  }

  public let offer: Offer
  public let bytes: [UInt8]
  /// The visitor's name, if it may be shown.
  public let name: String?
  public let kind: Kind

  /// Looks at the record that came for an offer.
  ///
  /// - Parameter takes: whether samples of a panel are taken.
  public init(_ record: CarriedRecord, name: String?, for offer: Offer, takes: (Identifier) -> Bool) {
    self.offer = offer
    bytes = record.bytes
    self.name = name
    do throws(RecordError) {
      let sample = try record.sample()
      if sample.id != offer.id {
        kind = .damaged("it was offered as \(offer.id) and says \(sample.id)")
      } else if SampleRecord.digest(of: bytes) != offer.hash {
        kind = .damaged("it is not the record that was offered: the SHA-256 differs")
      } else {
        kind = takes(sample.panel) ? .sound(sample) : .stranger(sample)
      }
    } catch {
      kind = .damaged(error.description)
    }
  }
}

/// What became of an offered sample at the collector, as it tells the store that offered it.
public enum Settlement: UInt8, Sendable, CaseIterable {
  /// Nothing: it was not taken, and may be offered again.
  case notTaken = 0
  /// It is in the collector's store, durably, with the same bytes.
  case stored = 1
  /// It was there before, with the same bytes.
  case known = 2
  /// Its visitor has withdrawn it: it was not taken and must not stay.
  case withdrawn = 3
  /// It was damaged, or of a panel that the collector does not take from; the bytes lie apart.
  case setAside = 4
  /// Another sample has its id; the bytes lie apart.
  case conflict = 5

  /// Whether the store that offered it has a receipt for it with this.
  public var isReceipt: Bool { self == .stored || self == .known }
}

/// Two samples of one panel with the same number: the panel's store was copied, and both copies went on.
public struct Divergence: Equatable, Sendable {
  public let panel: Identifier
  public let sequence: UInt64
  public let ids: [Identifier]
}
