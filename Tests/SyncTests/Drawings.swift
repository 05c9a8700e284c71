import Glibc
import Ink
import Kernel
import PNG
import Spool

/// Drawings of a single short stroke: their records have under 700 bytes.
enum Drawings {
  static let strokes = [
    Stroke(points: [StrokePoint(x: 100, y: 80, t: 0, size: 20), StrokePoint(x: 120, y: 160, t: 16, size: 20)])
  ]

  static let png: [UInt8] = {
    var canvas = Canvas()
    for stroke in strokes { canvas.draw(stroke) }
    return (try? PNG.encode(drawing: canvas.pixels, width: Canvas.side, height: Canvas.side)) ?? []
  }()

  static func sample(
    _ label: Int, id: Identifier = .random(), contributor: Identifier = .random(),
    session: Identifier = .random(),
    panel: Identifier = .none, sequence: UInt64 = 0
  ) -> Sample {
    Sample(
      id: id, label: label, strokes: strokes, png: png, contributor: contributor, session: session,
      language: "en", consent: Consent(version: "1", dataSet: true, nameShown: true), panel: panel,
      softwareVersion: "t", modelVersion: "t", prediction: nil, flags: [], time: .now(), sequence: sequence)
  }

  static func record(_ sample: Sample) -> [UInt8] { (try? SampleRecord.encode(sample)) ?? [] }
}

/// A directory in memory that goes with its owner.
final class Scratch {
  let path: String

  init() throws {
    let place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(place)/digit-panel-sync-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Failed("cannot make a directory in \(place)") }
    path = String(cString: made)
  }

  deinit { Directory.remove(path) }
}

/// Why a test could not be set up.
struct Failed: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
