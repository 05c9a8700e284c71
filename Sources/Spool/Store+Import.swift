/// What became of drawings that came from somewhere else than a panel.
public struct Intake: Equatable, Sendable {
  /// Stored now.
  public var added = 0
  /// There already.
  public var known = 0
  /// Withdrawn here, and not taken again.
  public var withdrawn = 0

  public init() {}

  public static func += (sum: inout Intake, more: Intake) {
    sum.added += more.added
    sum.known += more.known
    sum.withdrawn += more.withdrawn
  }
}

extension Sample {
  /// The origin of drawings that no panel has recorded, in the record's field for the software.
  public static let importSoftware = "import home_drawndigit"
  /// Stands for the panel that recorded them: there was none, so their numbers may be there more than once.
  public static let importPanel = Identifier(derivedFrom: "panel", [Array(importSoftware.utf8)])
}

extension Store {
  /// Stores drawings that no panel has recorded, all of them or none, durably. Panel and sequence number stay as given, and
  /// the block of ten that this panel asks for does not move.
  ///
  /// One whose id is there already is known, whatever its bytes are: the id of an import says what it shows. One without a name
  /// leaves the visitor's as it is.
  /// - Parameter samples: with the names that may be shown, and the ids under which they may be here, or have been withdrawn,
  ///   besides.
  public func takeIn(
    _ samples: [(sample: Sample, name: String?, alias: Identifier?)]
  ) throws(StoreError) -> Intake {
    do throws(StoreError) {
      let intake = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var intake = Intake()
        try addingTogether { rows throws(StoreError) in
          for (sample, name, alias) in samples {
            let place = try place(of: sample, alias)
            intake[keyPath: place] += 1
            guard place == \Intake.added else { continue }
            let record: [UInt8]
            do throws(RecordError) {
              record = try SampleRecord.encode(sample)
            } catch {
              throw StoreError(.refused, "import a drawing into", connection.path, reason: error.description)
            }
            try insert(sample, record: record, name: name, &rows, leavesName: name == nil)
          }
        }
        return intake
      }
      try checkpoint()
      return intake
    } catch {
      if error.kind == .damaged { directory.noteDamage(error.reason) }
      throw error.during("import drawings into")
    }
  }

  /// What would become of drawings if they were taken in now; nothing is written.
  public func wouldTakeIn(
    _ samples: [(sample: Sample, name: String?, alias: Identifier?)]
  ) throws(StoreError) -> Intake {
    var intake = Intake()
    for (sample, _, alias) in samples { intake[keyPath: try place(of: sample, alias)] += 1 }
    return intake
  }

  /// Where a drawing counts that is to be taken in.
  private func place(
    of sample: Sample, _ alias: Identifier?
  ) throws(StoreError) -> WritableKeyPath<Intake, Int> {
    let other = alias ?? sample.id
    if try connection.integer(
      "SELECT 1 FROM samples WHERE uuid IN (?, ?)", .blob(sample.id), .blob(other)) != nil
    {
      return \.known
    }
    if try isWithdrawn(sample.id, sample.session) { return \.withdrawn }
    return try isWithdrawn(other, sample.session) ? \.withdrawn : \.added
  }
}
