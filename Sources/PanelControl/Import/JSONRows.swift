import FoundationEssentials
import Kernel
import Spool

/// The web collector's JSON export: an array of objects with id, username, label, image and created_at, one in memory at a time.
/// A panel's own data set is one too, and says more.
final class JSONRows: WebRowReader {
  private var source: ByteSource
  private let path: String

  /// - Parameter source: at the beginning of the file.
  init(_ source: consuming ByteSource, path: String) throws {
    var source = source
    try JSONRows.skipSpace(&source)
    guard try source.next() == UInt8(ascii: "[") else {
      throw ImportError(path: path, reason: "its JSON is no array of drawings")
    }
    self.source = source
    self.path = path
  }

  func next() throws -> Result<WebRow, WebRowProblem>? {
    try JSONRows.skipSpace(&source)
    if try source.peek() == UInt8(ascii: ",") {
      _ = try source.next()
      try JSONRows.skipSpace(&source)
    }
    let line = source.line
    switch try source.peek() {
    case UInt8(ascii: "]"): return nil
    case UInt8(ascii: "{"): break
    case nil: throw ImportError.cutOff(path, "after line \(line)")
    default: throw ImportError(path: path, reason: "line \(line) is no object in an array")
    }
    let object = try object()
    do {
      return .success(try JSONDecoder().decode(Row.self, from: Data(object)).row(line))
    } catch let error as Unusable {
      return .failure(WebRowProblem(line: line, reason: error.reason))
    } catch {
      return .failure(WebRowProblem(line: line, reason: "it is no JSON object of a drawing"))
    }
  }

  private struct Unusable: Error { let reason: String }

  private struct Row: Decodable {
    let row: (_ line: Int) throws -> WebRow

    private enum Key: String, CodingKey {
      case id, username, label, image, created_at, agreed, consent, contributor, session, clock
    }

    init(from decoder: any Decoder) throws {
      let object = try decoder.container(keyedBy: Key.self)
      func text(_ key: Key) -> String? {
        if let text = try? object.decode(String.self, forKey: key) { return text }
        return (try? object.decode(Int.self, forKey: key)).map(String.init)
      }
      let (id, username, created) = (text(.id), text(.username), text(.created_at))
      let label = text(.label).flatMap { Int($0) }
      let url = try? object.decode(String.self, forKey: .image)
      let rows = url == nil ? try? object.decode([[Double]].self, forKey: .image) : nil
      let (agreed, consent) = (text(.agreed), text(.consent))
      let isTold = object.contains(.agreed) && (try? object.decodeNil(forKey: .agreed)) == false
      let flag = try? object.decode(Bool.self, forKey: .agreed)
      let clock = text(.clock)
      let panel = PanelColumns(
        agreed: flag ?? agreed.map { $0 == "1" }, consent: consent,
        contributor: text(.contributor).flatMap { Identifier($0) },
        session: text(.session).flatMap { Identifier($0) },
        clock: clock.map { word in ClockQuality.allCases.first { $0.description == word } ?? .unset })
      row = { line in
        guard let label, (0...9).contains(label) else { throw Unusable(reason: "its label is no digit") }
        // A drawing is never agreed to by mistake.
        guard !isTold || flag != nil || agreed == "0" || agreed == "1" else {
          throw Unusable(reason: "its agreed is neither 0 nor 1")
        }
        guard consent?.utf8.count ?? 0 <= Consent.versionLimit else {
          throw Unusable(reason: "its consent is longer than \(Consent.versionLimit) bytes")
        }
        if let url {
          return WebRow(
            line: line, id: id, username: username, label: label, picture: .url(url), createdAt: created,
            panel: panel)
        }
        guard let rows, let width = rows.first?.count, width > 0, rows.allSatisfy({ $0.count == width })
        else {
          throw Unusable(reason: "its image is neither rows of numbers nor a PNG as base64")
        }
        let pixels = rows.flatMap { $0.map { UInt8(max(0, min(255, $0.isNaN ? 0 : $0))) } }
        return WebRow(
          line: line, id: id, username: username, label: label, picture: .pixels(pixels, width: width),
          createdAt: created, panel: panel)
      }
    }
  }

  private static func skipSpace(_ source: inout ByteSource) throws {
    while let byte = try source.peek(), [0x20, 0x0A, 0x0D, 0x09].contains(byte) { _ = try source.next() }
  }

  /// The bytes of the object that begins here.
  private func object() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var depth = 0
    var (isText, isEscaped) = (false, false)
    while let byte = try source.next() {
      bytes.append(byte)
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return bytes }
      default: break
      }
      guard bytes.count <= WebRow.limit else {
        throw ImportError(
          path: path, reason: "the drawing before line \(source.line) is larger than any can be")
      }
    }
    throw ImportError.cutOff(path, "after line \(source.line)")
  }
}
