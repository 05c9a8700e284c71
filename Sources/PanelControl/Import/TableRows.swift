import Kernel

/// The web collector's table `home_drawndigit` in text: CSV with a header (RFC 4180, as COPY … CSV HEADER writes it), or
/// the COPY block of a pg_dump (PostgreSQL's text format).
final class TableRows: WebRowReader {
  private enum Form { case csv, dump }

  private var source: ByteSource
  private let path: String
  private let form: Form
  private let columns: [String: Int]

  /// - Parameter source: at the beginning of the file.
  init(_ source: consuming ByteSource, path: String) throws {
    var source = source
    let dumped = "COPY "
    var names: [String]?
    var first: [UInt8] = []
    var form = Form.csv
    while let line = try TableRows.line(&source, path) {
      let text = String(decoding: line, as: UTF8.self)
      if first.isEmpty, !text.hasPrefix("--"), text.contains("image_data"), !text.hasPrefix(dumped),
        !text.contains("CREATE ")
      {
        names = TableRows.split(line)
        break
      }
      if text.hasPrefix(dumped), text.contains("home_drawndigit"), let open = text.firstIndex(of: "("),
        let close = text.firstIndex(of: ")"), open < close, text.contains("FROM stdin")
      {
        names = text[text.index(after: open)..<close].split(separator: ",").map { name in
          String(name.filter { $0 != " " && $0 != "\"" })
        }
        form = .dump
        break
      }
      if !line.isEmpty { first = line }
    }
    guard let names else {
      throw ImportError(path: path, reason: "it has no table home_drawndigit and no header with image_data")
    }
    columns = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    guard columns["image_data"] != nil, columns["digit_label"] != nil else {
      throw ImportError(path: path, reason: "its header lacks digit_label or image_data")
    }
    self.source = source
    self.path = path
    self.form = form
  }

  func next() throws -> Result<WebRow, WebRowProblem>? {
    while true {
      let line = source.line
      let fields: [String?]
      switch form {
      case .dump:
        guard let bytes = try TableRows.line(&source, path) else {
          throw ImportError.cutOff(path, "before the end of its table, in line \(line)")
        }
        if bytes == Array("\\.".utf8) { return nil }
        fields = bytes.split(separator: 0x09, omittingEmptySubsequences: false).map(TableRows.unescaped)
      case .csv:
        guard let record = try record() else { return nil }
        if record.count == 1, record[0]?.isEmpty != false { continue }
        fields = record
      }
      return row(fields, line: line)
    }
  }

  private func row(_ fields: [String?], line: Int) -> Result<WebRow, WebRowProblem> {
    func field(_ name: String) -> String? {
      guard let index = columns[name], index < fields.count else { return nil }
      return fields[index]
    }
    guard let label = field("digit_label").flatMap({ Int($0) }), (0...9).contains(label) else {
      return .failure(WebRowProblem(line: line, reason: "its digit_label is no digit"))
    }
    guard let url = field("image_data") else {
      return .failure(WebRowProblem(line: line, reason: "it has no image_data"))
    }
    return .success(
      WebRow(
        line: line, id: field("id"), username: field("username"), label: label, picture: .url(url),
        createdAt: field("created_at")))
  }

  /// A line without its end; nil at the end of the file.
  private static func line(_ source: inout ByteSource, _ path: String) throws -> [UInt8]? {
    guard try source.peek() != nil else { return nil }
    var line: [UInt8] = []
    while let byte = try source.next(), byte != 0x0A {
      line.append(byte)
      guard line.count <= WebRow.limit else {
        throw ImportError(path: path, reason: "line \(source.line) is longer than any row can be")
      }
    }
    if line.last == 0x0D { line.removeLast() }
    return line
  }

  /// The fields of a CSV line without quotation marks that matter: a header.
  private static func split(_ line: [UInt8]) -> [String] {
    line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { field in
      String(
        decoding: field.filter { $0 != UInt8(ascii: "\"") && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF },
        as: UTF8.self)
    }
  }

  /// A record of the CSV, which may hold line ends within quotation marks; nil at the end.
  private func record() throws -> [String?]? {
    guard try source.peek() != nil else { return nil }
    var fields: [String?] = []
    var field: [UInt8] = []
    var (isQuoted, size) = (false, 0)
    func end() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
    }
    while let byte = try source.next() {
      size += 1
      guard size <= WebRow.limit else {
        throw ImportError(path: path, reason: "the row before line \(source.line) is longer than any can be")
      }
      switch (byte, isQuoted) {
      case (UInt8(ascii: "\""), true):
        if try source.peek() == UInt8(ascii: "\"") {
          _ = try source.next()
          field.append(byte)
        } else {
          isQuoted = false
        }
      case (UInt8(ascii: "\""), false): isQuoted = true
      case (UInt8(ascii: ","), false): end()
      case (0x0D, false): break
      case (0x0A, false):
        end()
        return fields
      default: field.append(byte)
      }
    }
    guard !isQuoted else { throw ImportError.cutOff(path, "within a row") }
    end()
    return fields
  }

  /// A field of PostgreSQL's text format; nil for NULL.
  private static func unescaped(_ field: ArraySlice<UInt8>) -> String? {
    if field.elementsEqual("\\N".utf8) { return nil }
    guard field.contains(UInt8(ascii: "\\")) else { return String(decoding: field, as: UTF8.self) }
    let letters: [UInt8: UInt8] = [
      UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "b"): 0x08,
      UInt8(ascii: "f"): 0x0C, UInt8(ascii: "v"): 0x0B,
    ]
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in field {
      if isEscaped {
        bytes.append(letters[byte] ?? byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
