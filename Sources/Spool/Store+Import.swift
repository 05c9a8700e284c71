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

/// A drawing that no panel has recorded here, on its way into a store.
public struct ImportedDrawing: Sendable {
  public let sample: Sample
  /// The name that may be shown; without one the visitor's stays as it is.
  public let name: String?
  /// Numbers under which the drawing and its visit may be here, or have been withdrawn, besides.
  public let otherIDs: [Identifier]
  public let otherVisits: [Identifier]

  public init(
    _ sample: Sample, name: String? = nil, otherIDs: [Identifier] = [], otherVisits: [Identifier] = []
  ) {
    self.sample = sample
    self.name = name
    self.otherIDs = otherIDs
    self.otherVisits = otherVisits
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
  /// One whose id is there already, or the panel's own record of it, is known, whatever its bytes are: the id of an import says
  /// which drawing it is.
  public func takeIn(_ drawings: [ImportedDrawing]) throws(StoreError) -> Intake {
    do throws(StoreError) {
      let intake = try connection.transaction("IMMEDIATE") { () throws(StoreError) in
        var intake = Intake()
        try addingTogether { rows throws(StoreError) in
          for drawing in drawings {
            let place = try place(of: drawing)
            intake[keyPath: place] += 1
            guard place == \Intake.added else { continue }
            let record: [UInt8]
            do throws(RecordError) {
              record = try SampleRecord.encode(drawing.sample)
            } catch {
              throw StoreError(.refused, "import a drawing into", connection.path, reason: error.description)
            }
            try insert(
              drawing.sample, record: record, name: drawing.name, &rows, leavesName: drawing.name == nil)
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
  public func wouldTakeIn(_ drawings: [ImportedDrawing]) throws(StoreError) -> Intake {
    var intake = Intake()
    for drawing in drawings { intake[keyPath: try place(of: drawing)] += 1 }
    return intake
  }

  /// Where a drawing counts that is to be taken in.
  private func place(of drawing: ImportedDrawing) throws(StoreError) -> WritableKeyPath<Intake, Int> {
    let ids = [drawing.sample.id] + drawing.otherIDs
    for id in ids {
      if try holds(id) { return \.known }
      if try holds(id.otherForm) { return \.known }
    }
    for id in ids {
      for visit in [drawing.sample.session] + drawing.otherVisits where try isWithdrawn(id, visit) {
        return \.withdrawn
      }
    }
    return \.added
  }

  /// Whether a sample is here, whole or pruned.
  func holds(_ sample: Identifier) throws(StoreError) -> Bool {
    try connection.integer("SELECT 1 FROM samples WHERE uuid = ?", .blob(sample)) != nil
  }

  /// Gives a record that was stored just now the place of the import of its drawing, if there is one: what a person said of the
  /// import is said of the record, and the import goes. It was not withdrawn, so nothing is remembered of it. Counts follow, so
  /// those of the record must be written.
  ///
  /// - Parameter imports: the row that stands for the panel of imports.
  /// - Returns: whether there was an import.
  @discardableResult
  func replaceImport(of record: Identifier, among imports: Int64) throws(StoreError) -> Bool {
    guard !record.isImported,
      let row = try connection.integer(
        "SELECT id FROM samples WHERE uuid = ? AND panel = ?", .blob(record.imported), .integer(imports))
    else { return false }
    try moveVerdict(from: row, to: record)
    let contributor = try connection.integer("SELECT contributor FROM samples WHERE id = ?", .integer(row))
    try connection.run("DELETE FROM samples WHERE id = ?", .integer(row))
    try connection.run(
      "DELETE FROM contributors WHERE id = ? AND samples = 0", contributor.map { .integer($0) } ?? .null)
    return true
  }

  /// Gives a record what a person said of the import in whose place it comes. An import with another label than was asked for was
  /// relabelled before its data set was written.
  private func moveVerdict(from imported: Int64, to record: Identifier) throws(StoreError) {
    let (verdict, label, wall): (Verdict?, Int, Int64?)
    do {
      let statement = try connection.statement(
        """
        SELECT s.label, v.wall, v.verdict, v.label FROM samples s LEFT JOIN verdicts v ON v.sample = s.id
        WHERE s.id = ?
        """, [.integer(imported)])
      guard try statement.step() else { return }
      label = Int(statement.integer(0))
      wall = statement.isNull(1) ? nil : statement.integer(1)
      verdict = statement.verdict(2)
    }
    let asked = try connection.integer("SELECT label FROM samples WHERE uuid = ?", .blob(record))
    let isRelabelled = asked != Int64(label)
    guard var said = verdict ?? (isRelabelled ? .relabel(label) : nil) else { return }
    if said == .accept, isRelabelled { said = .relabel(label) }
    if let label = said.label, asked == Int64(label) { said = .accept }
    try connection.run(
      """
      INSERT INTO verdicts (sample, verdict, label, wall) SELECT id, ?2, ?3, ?4 FROM samples WHERE uuid = ?1
      """, .blob(record), .text(said.name), said.label.map { .integer($0) } ?? .null,
      .integer(wall ?? Timestamp.now().wall))
  }
}
