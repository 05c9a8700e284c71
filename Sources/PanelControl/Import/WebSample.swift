import Ink
import PNG
import Spool

/// A drawing of the web collector as a sample: without strokes, which it never kept, and with its origin said.
///
/// All its identifiers are derived (``Spool/Identifier/init(derivedFrom:_:)``): the sample's from user, label, time and
/// pixels, so the same drawing is the same sample whichever file it comes in; the contributor's from the name in small
/// letters, and all without a name are one, so that a split by contributor never parts what may be one person. Where the row
/// comes from a panel's own data set, visitor, visit and consent are those that it says: what is withdrawn or anonymised is
/// so under them.
enum WebSample {
  /// The origin, in the record's field for the software.
  static let software = Sample.importSoftware

  /// - Parameters:
  ///   - canvas: the ink, 280 x 280.
  ///   - consent: the version of the text that the visitors of the web collector agreed to; a row that says its own has that.
  /// - Throws: ``PNGError``, when memory is short.
  static func make(
    _ row: WebRow, canvas: [UInt8], consent: String
  ) throws(PNGError) -> (sample: Sample, name: String?, alias: Identifier?) {
    let name = (row.username ?? "").filter { !$0.isNewline }
    let isNamed = !["", "anonymous", "anonym"].contains(name.lowercased())
    let wall = row.createdAt.flatMap(WebTime.milliseconds)
    let person = Array((isNamed ? name.lowercased() : "").utf8)
    let contributor =
      row.panel.contributor ?? Identifier(derivedFrom: "contributor", [Array(software.utf8), person])
    let session = row.panel.session ?? Identifier(derivedFrom: "session", [contributor.bytes])
    let quality = wall == nil ? ClockQuality.unset : row.panel.clock ?? .ntp
    let image = Canvas(pixels: canvas) ?? Canvas()
    // Nobody knows how fast it was drawn.
    let flags = Quality.flags(strokes: [], canvas: image, label: row.label, prediction: nil)
      .subtracting(.tooFast)
    let sample = Sample(
      id: Identifier(
        derivedFrom: "drawing",
        [Array(software.utf8), person, [UInt8(row.label)], Array("\(wall ?? 0)".utf8), canvas]),
      label: row.label, strokes: [],
      png: try PNG.encode(drawing: canvas, width: Canvas.side, height: Canvas.side), contributor: contributor,
      session: session, language: "und",
      consent: Consent(
        version: row.panel.consent ?? consent, dataSet: row.panel.agreed ?? true, nameShown: isNamed),
      panel: Sample.importPanel, softwareVersion: software, modelVersion: "none", prediction: nil,
      flags: flags,
      time: Timestamp(wall: wall ?? 0, quality: quality, boot: .none, sinceBoot: 0),
      sequence: row.id.flatMap { UInt64($0) } ?? 1)
    // A data set of a panel has the panel's own identifiers.
    return (sample, isNamed ? name : nil, row.id.flatMap { Identifier($0) })
  }
}
