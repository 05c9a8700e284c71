import Spool

/// What is told of offers and records.
extension Collecting {
  /// Counts an offer that needs no record, and says what is to be answered for it.
  mutating func note(_ offer: Offer, _ presence: Presence, _ comes: Bool) -> Settlement {
    switch presence {
    case .known, .held:
      report.known += 1
      if presence == .held { report.held += 1 }
      return manner == .dryRun ? .notTaken : .known
    case .withdrawn:
      report.withdrawn += 1
      return .withdrawn
    case .setAside(let isConflict, let reason):
      report.setAside += 1
      if isConflict { report.conflicts += 1 }
      report.note("the record of the drawing \(offer.id) was set aside by an earlier sync: \(reason)")
      return isConflict ? .conflict : .setAside
    case .spoilt(let reason) where !comes || manner == .dryRun:
      report.setAside += 1
      report.note("the record of the drawing \(offer.id) was set aside by an earlier sync: \(reason)")
      return .setAside
    case .spoilt: return .notTaken
    case .conflict where !comes:
      report.conflicts += 1
      report.note("another drawing has the id \(offer.id)")
      return .notTaken
    case .missing where !comes:
      report.pruned += 1
      report.note("the drawing \(offer.id) is not here, and was pruned there")
      return .notTaken
    case .missing, .conflict:
      if manner == .dryRun {
        if presence == .conflict { report.conflicts += 1 }
        report.wanted += 1
        report.bytes += offer.length
      }
      return .notTaken
    }
  }

  /// Counts a record that has come, and was stored or not.
  mutating func count(_ arrival: Arrival, _ settlement: Settlement) {
    switch settlement {
    case .stored: report.stored += 1
    case .known: report.known += 1
    case .withdrawn: report.withdrawn += 1
    case .setAside:
      report.setAside += 1
      if case .damaged(let reason) = arrival.kind {
        report.note("the record of the drawing \(arrival.offer.id) was set aside: \(reason)")
      }
      if case .stranger(let sample) = arrival.kind {
        report.note("drawings of the panel \(sample.panel) were set aside: it is not in the list of panels")
      }
    case .conflict:
      report.conflicts += 1
      report.note(
        "another drawing has the id \(arrival.offer.id); both are kept, the newcomer's bytes lie apart")
    case .notTaken: break
    }
  }
}
