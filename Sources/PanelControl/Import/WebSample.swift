import Ink
import PNG
import Spool

/// A drawing of the web collector as a sample: without strokes, which it never kept, and with its origin said.
///
/// All its identifiers are derived (``Spool/Identifier/init(derivedFrom:_:)``): the sample's from user, label, time and
/// pixels, so the same drawing is the same sample whichever file it comes in; the contributor's from the name as the board compares
/// it, and all without a name are one, so that a split by contributor never parts what may be one person. Where the row comes from
/// a panel's own data set, its UUID alone makes the sample's (``Spool/Identifier/imported``): size, name and label may differ from
/// one data set to another. Visitor, visit and consent are those that it says: what is withdrawn or anonymised is so under them.
enum WebSample {
  /// The origin, in the record's field for the software.
  static let software = Sample.importSoftware

  /// - Parameters:
  ///   - canvas: the ink, 280 x 280.
  ///   - consent: the version of the text that the visitors of the web collector agreed to; a row that says its own has that.
  /// - Throws: ``PNGError``, when memory is short.
  static func make(
    _ row: WebRow, canvas: [UInt8], consent: String
  ) throws(PNGError) -> ImportedDrawing {
    let name = ContributorName.cleaned(row.username ?? "")
    let key = ContributorName.key(name)
    let isNamed = !nobody.contains(key)
    let (person, formerly) = (isNamed ? key : "", former(row.username ?? ""))
    let wall = row.createdAt.flatMap(WebTime.milliseconds)
    let id = row.id.flatMap { Identifier($0) }
    let contributor = row.panel.contributor ?? contributor(person)
    let session = row.panel.session ?? visit(of: contributor)
    func drawing(of person: String) -> Identifier {
      Identifier(
        derivedFrom: "drawing",
        [
          Array(software.utf8), Array(person.utf8), [UInt8(row.label)], Array("\(wall ?? 0)".utf8), canvas,
        ])
    }
    let quality = wall == nil ? ClockQuality.unset : row.panel.clock ?? .ntp
    let image = Canvas(pixels: canvas) ?? Canvas()
    // Nobody knows how fast it was drawn.
    let flags = Quality.flags(strokes: [], canvas: image, label: row.label, prediction: nil)
      .subtracting(.tooFast)
    let sample = Sample(
      id: id?.imported ?? drawing(of: person),
      label: row.label, strokes: [],
      png: try PNG.encode(drawing: canvas, width: Canvas.side, height: Canvas.side), contributor: contributor,
      session: session, language: "und",
      consent: Consent(
        version: row.panel.consent ?? consent, dataSet: row.panel.agreed ?? true, nameShown: isNamed),
      panel: Sample.importPanel, softwareVersion: software, modelVersion: "none", prediction: nil,
      flags: flags,
      time: Timestamp(wall: wall ?? 0, quality: quality, boot: .none, sinceBoot: 0),
      sequence: row.id.flatMap { UInt64($0) } ?? 1)
    return ImportedDrawing(
      sample, name: isNamed ? name : nil, otherIDs: [id, drawing(of: formerly)].compactMap { $0 },
      otherVisits: row.panel.session == nil
        ? [visit(of: row.panel.contributor ?? self.contributor(formerly))] : [])
  }

  /// What stands for no name.
  private static let nobody = ["", "anonymous", "anonym"]

  /// Whom earlier software took a user for: it did not clean names, and derived the ids of all drawings of them.
  private static func former(_ user: String) -> String {
    let name = user.filter { !$0.isNewline }.lowercased()
    return nobody.contains(name) ? "" : name
  }

  private static func contributor(_ person: String) -> Identifier {
    Identifier(derivedFrom: "contributor", [Array(software.utf8), Array(person.utf8)])
  }

  private static func visit(of contributor: Identifier) -> Identifier {
    Identifier(derivedFrom: "session", [contributor.bytes])
  }
}
