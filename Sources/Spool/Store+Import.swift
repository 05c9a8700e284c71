/// What became of drawings that came from somewhere else than a panel.
public struct Intake: Equatable, Sendable {
  /// Stored now.
  public internal(set) var added = 0
  /// There already.
  public internal(set) var known = 0
  /// Withdrawn here, and not taken again.
  public internal(set) var withdrawn = 0

  public init() {}

  public static func += (sum: inout Intake, more: Intake) {
    sum.added += more.added
    sum.known += more.known
    sum.withdrawn += more.withdrawn
  }
}

extension Store {
  /// Stores drawings that no panel has recorded, all of them or none, durably. Panel and sequence number stay as given, and
  /// the block of ten that this panel asks for does not move.
  ///
  /// One whose id is there already is known, whatever its bytes are: the id of an import says what it shows.
  /// - Parameter samples: with the names that may be shown, and the ids under which they may be here besides.
  public func takeIn(
    _ samples: [(sample: Sample, name: String?, alias: Identifier?)]
  ) throws(StoreError) -> Intake {
    do throws(StoreError) {
      let intake = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var intake = Intake()
        for (sample, name, alias) in samples {
          if try connection.integer(
            "SELECT 1 FROM samples WHERE uuid IN (?, ?)", .blob(sample.id), .blob(alias ?? sample.id)) != nil
          {
            intake.known += 1
            continue
          }
          let record: [UInt8]
          do throws(RecordError) {
            record = try SampleRecord.encode(sample)
          } catch {
            throw StoreError(.refused, "import a drawing into", connection.path, reason: error.description)
          }
          do throws(StoreError) {
            try insert(sample, record: record, name: name)
            intake.added += 1
          } catch {
            guard error.kind == .withdrawn else { throw error }
            intake.withdrawn += 1
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
}
