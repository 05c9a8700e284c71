import CInih

/// An INI file as inih reads it: its sections and entries in order, and the lines that cannot be read.
///
/// Whatever the bytes are, a value comes out of it; a file that a person wrote never stops a program.
public struct INIFile: Equatable, Sendable {
  /// What a line gives.
  public enum Content: Equatable, Sendable {
    /// The heading of a section, without its brackets.
    case section(String)
    /// A key and its value, in the section that was named last; the section is empty before the first heading.
    case entry(section: String, name: String, value: String)
    /// What is wrong with the line, as the end of a sentence that begins with the line.
    case unreadable(String)
  }

  /// A line that gives something.
  public struct Line: Equatable, Sendable {
    /// Counted from 1.
    public let number: Int
    public let content: Content

    public init(number: Int, content: Content) {
      self.number = number
      self.content = content
    }
  }

  /// In the order of the file; empty lines and comments give none.
  public let lines: [Line]

  /// - Parameters:
  ///   - bytes: of the file; a byte order mark at its beginning is passed over.
  ///   - joinsIndented: whether an indented line goes on with the value above it, a space between them. A line holds at
  ///     most 197 bytes, so that longer values need it.
  public init(bytes: [UInt8], joinsIndented: Bool = false) {
    let pass = INIPass(bytes: bytes, joinsIndented: joinsIndented)
    withExtendedLifetime(pass) {
      let stream = Unmanaged.passUnretained(pass).toOpaque()
      // inih calls back on this thread, while the object lives. The line number is the reader's own: inih tells it to a
      // handler only in builds that Debian does not make.
      _ = ini_parse_stream(
        { line, size, stream in
          guard let line, let stream, size > 1 else { return nil }
          let pass = Unmanaged<INIPass>.fromOpaque(stream).takeUnretainedValue()
          return pass.nextLine(into: UnsafeMutableBufferPointer(start: line, count: Int(size))) ? line : nil
        }, stream,
        { user, section, name, value in
          guard let user, let section, let name, value != nil else { return 0 }
          let pass = Unmanaged<INIPass>.fromOpaque(user).takeUnretainedValue()
          pass.take(section: String(cString: section), name: String(cString: name))
          return 1
        }, stream)
    }
    lines = pass.lines
  }
}

/// One pass over a file: hands its lines to inih and takes back what it makes of them.
///
/// inih tells a caller only the first bad line and cuts long ones into two, so the lines are looked at on their way in: a
/// line that inih cannot read as it was written is noted and reaches it empty.
private final class INIPass {
  private var rest: ArraySlice<ArraySlice<UInt8>>
  private let joinsIndented: Bool
  /// The number of the line that inih has in hand, from 1.
  private var number = 0
  /// What stands in it.
  private var current: ArraySlice<UInt8> = []
  /// It ought to give an entry and has not yet.
  private var awaited = false
  /// That line goes on with the value above it.
  private var goesOn = false
  /// The last line that gave something was an entry, so that an indented one may go on with it.
  private var canGoOn = false
  private(set) var lines: [INIFile.Line] = []

  init(bytes: [UInt8], joinsIndented: Bool) {
    self.joinsIndented = joinsIndented
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    rest =
      bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
  }

  /// Writes the next line as a C string into the buffer; false at the end of the file.
  func nextLine(into buffer: UnsafeMutableBufferPointer<CChar>) -> Bool {
    if awaited { add(.unreadable("is neither [section] nor key = value")) }
    awaited = false
    guard let next = rest.popFirst() else { return false }
    number += 1
    // Without what is before the text: inih takes an indented line for the end of the value above it.
    let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    var text = next.drop(while: blank)
    goesOn = joinsIndented && canGoOn && text.startIndex > next.startIndex
    while let last = text.last, blank(last) { text.removeLast() }
    if !isReadable(text, limit: buffer.count - 3) { text = [] }
    current = text
    var end = 0
    if goesOn, !text.isEmpty {
      buffer[0] = 0x20
      end = 1
    }
    for byte in text {
      buffer[end] = CChar(bitPattern: byte)
      end += 1
    }
    buffer[end] = 0x0A
    buffer[end + 1] = 0
    return true
  }

  /// Whether inih can take the line, and what is to be said about it if not.
  private func isReadable(_ text: ArraySlice<UInt8>, limit: Int) -> Bool {
    guard let first = text.first, first != UInt8(ascii: ";"), first != UInt8(ascii: "#") else { return false }
    guard text.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }), String(validating: text, as: UTF8.self) != nil else {
      add(.unreadable("is not text in UTF-8"))
      return false
    }
    guard text.count <= limit else {
      add(.unreadable("is longer than \(limit) bytes"))
      return false
    }
    if goesOn { return true }
    canGoOn = false
    guard first == UInt8(ascii: "[") else {
      awaited = true
      return true
    }
    guard let end = text.firstIndex(of: UInt8(ascii: "]")) else {
      add(.unreadable("begins a section but has no ]"))
      return false
    }
    add(.section(String(decoding: text[text.index(after: text.startIndex)..<end], as: UTF8.self)))
    return true
  }

  /// Takes an entry as inih read it, but for its value: inih would cut that at a semicolon after a blank, as if a comment began
  /// there, and a name or a sentence may hold one.
  func take(section: String, name: String) {
    awaited = false
    let isMark: (UInt8) -> Bool = { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }
    let start =
      goesOn ? current.startIndex : current.firstIndex(where: isMark).map { $0 + 1 } ?? current.endIndex
    let bytes = current[start...].drop { $0 == 0x20 || $0 == 0x09 }
    let value = String(decoding: bytes, as: UTF8.self)
    canGoOn = true
    if goesOn, let last = lines.last, case .entry(let section, let name, let begun) = last.content {
      lines[lines.count - 1] = INIFile.Line(
        number: last.number, content: .entry(section: section, name: name, value: begun + " " + value))
    } else {
      add(.entry(section: section, name: name, value: value))
    }
  }

  private func add(_ content: INIFile.Content) {
    lines.append(INIFile.Line(number: number, content: content))
  }
}
