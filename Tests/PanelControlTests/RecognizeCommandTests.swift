import FoundationEssentials
import Glibc
import Ink
import Kernel
import PNG
import Testing

@testable import PanelControl

@Suite("panelctl recognize")
struct RecognizeCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private struct Line: Decodable, Equatable {
    var file: String
    var digit: Int?
    var confidence: Double?
    var probabilities: [Double]?
    var is_digit: Bool?
    var error: String?
  }

  private func lines(_ output: String) throws -> [Line] {
    try output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  private func drawing(_ digit: Int, to name: String) throws -> String {
    try directory.write(
      try PNG.encode(drawing: Drawings.canvas(digit).pixels, width: Canvas.side, height: Canvas.side),
      to: name)
  }

  @Test("drawings of a finger are read, a line each")
  func text() throws {
    let files = try [0, 1, 7].map { try drawing($0, to: "\($0).png") }
    let run = try ProgramRun(["recognize"] + files, in: directory)
    #expect(run.status == 0, "\(run.complaint)")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    for (line, digit) in zip(lines, [0, 1, 7]) {
      #expect(
        line.hasPrefix("\(directory.path("\(digit).png")): \(digit) (") && line.hasSuffix(" %)"), "\(line)")
    }
  }

  @Test("--json is one object a line, with ten probabilities that sum to exactly 1")
  func json() throws {
    let run = try ProgramRun(["recognize", "--json", try drawing(7, to: "a.png")], in: directory)
    #expect(run.output.hasPrefix(#"{"file":""#) && run.output.contains(#","digit":7,"confidence":0."#))
    let line = try #require(try lines(run.output).first)
    let probabilities = try #require(line.probabilities)
    #expect(probabilities.count == 10 && probabilities.reduce(0, +) == 1)
    #expect(line.digit == 7 && line.is_digit == true && line.error == nil)
    #expect(line.confidence == probabilities[7] && probabilities.max() == line.confidence)
  }

  @Test("standard input is read for -")
  func standardInput() throws {
    let run = try ProgramRun(["recognize", "--json", "-"], input: try drawing(7, to: "a.png"), in: directory)
    #expect(try lines(run.output).map(\.file) == ["-"])
    #expect(try lines(run.output).map(\.digit) == [7])
  }

  @Test("standard input may be a socket, which cannot be opened by a name, and begins where it stands")
  func inheritedInput() throws {
    let bytes = try contentsOfFile(try drawing(7, to: "a.png"), limit: 1 << 20)
    var ends: [Int32] = [-1, -1]
    try #require(
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    let near = FileDescriptor(owning: ends[0])
    let far = FileDescriptor(owning: ends[1])
    try near.writeAll(bytes, to: "a socket")
    shutdown(near.raw, Int32(SHUT_WR))
    let run = try ProgramRun(["recognize", "--json", "-"], descriptor: far.raw, in: directory)
    #expect(run.complaint == "" && run.status == 0)
    #expect(try lines(run.output).map(\.digit) == [7])
    let later = try FileDescriptor.open(try directory.write([0, 1, 2] + bytes, to: "later"), O_RDONLY)
    lseek(later.raw, 3, SEEK_SET)
    let rest = try ProgramRun(["recognize", "--json", "-"], descriptor: later.raw, in: directory)
    #expect(try lines(rest.output).map(\.digit) == [7], "\(rest.complaint)")
  }

  @Test("one file that cannot be read does not stop the others, and the exit status is 1")
  func badFiles() throws {
    let good = try drawing(7, to: "good.png")
    var bytes = try PNG.encode(drawing: Drawings.canvas(7).pixels, width: 280, height: 280)
    let cut = try directory.write(Array(bytes[..<(bytes.count / 2)]), to: "cut.png")
    // The header declares 100,000 x 100,000 pixels; its checksum is made to fit.
    bytes.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
    bytes.replaceSubrange(29..<33, with: crc(Array(bytes[12..<29])))
    let huge = try directory.write(bytes, to: "huge.png")
    let text = try directory.write("GIF89a", to: "text.png")
    let empty = try directory.write("", to: "empty.png")
    let files = [good, cut, huge, text, empty, directory.root, directory.path("none.png"), good]
    let run = try ProgramRun(["recognize", "--json"] + files, in: directory)
    #expect(run.status == 1)
    #expect(run.complaint == "")
    let lines = try lines(run.output)
    #expect(lines.map(\.file) == files)
    #expect(lines.map(\.digit) == [7, nil, nil, nil, nil, nil, nil, 7])
    #expect(lines[1].error?.hasPrefix("damaged PNG file: ") == true)
    #expect(lines[2].error?.contains("PNG file") == true)
    #expect(lines[3].error == "not a PNG file: it does not begin as one")
    #expect(lines[4].error == "not a PNG file: it is empty")
    #expect(lines[5].error == "is a directory")
    #expect(lines[6].error == "no such file or directory")
    let plain = try ProgramRun(["recognize", text, good], in: directory)
    #expect(plain.status == 1)
    #expect(plain.complaint == "panelctl: \(text): not a PNG file: it does not begin as one\n")
    #expect(plain.output.hasPrefix("\(good): 7 ("))
  }

  @Test("a telephone's photograph is read, and no picture takes more than 512 MiB")
  func largest() {
    #expect(Recognize.pixelLimit >= 9248 * 6936)
    // Four bytes a decoded pixel, one for its distance from the paper, and the file.
    #expect(Recognize.pixelLimit * 5 + Recognize.sizeLimit <= 512 << 20)
    #expect(Recognize.pixelLimit <= PNG.pixelLimit)
  }

  @Test("an empty picture is not a digit")
  func blank() throws {
    let file = try directory.write(
      try PNG.encode(drawing: [UInt8](repeating: 255, count: 100), width: 10, height: 10), to: "blank.png")
    let run = try ProgramRun(["recognize", "--json", file], in: directory)
    #expect(run.status == 0)
    #expect(try lines(run.output).map(\.is_digit) == [false])
    let text = try ProgramRun(["recognize", file], in: directory)
    #expect(text.output.hasPrefix("\(file): not a digit"))
  }

  @Test("a file's name cannot write on the terminal")
  func rudeName() throws {
    let file = try drawing(7, to: "\u{1B}[2J.png")
    let run = try ProgramRun(["recognize", file], in: directory)
    #expect(run.output.hasPrefix("\(directory.root)/\\u{1B}[2J.png: 7 ("))
    let missing = try ProgramRun(["recognize", "\u{9B}2J"], in: directory)
    #expect(missing.complaint == "panelctl: \\u{9B}2J: no such file or directory\n")
  }

  @Test("without a model every place that was tried is named")
  func noModel() throws {
    let run = try ProgramRun(
      ["recognize", "x.png"], environment: ["HOME": "/", "PANEL_ASSETS": directory.root], in: directory)
    #expect(run.status == 1)
    #expect(
      run.complaint == """
        panelctl: cannot find model/digits.safetensors: it is not readable at \
        \(directory.root)/model/digits.safetensors; \
        install the package, or name its Assets directory with PANEL_ASSETS

        """)
  }

  @Test("a damaged model is one sentence")
  func damagedModel() throws {
    _ = try directory.makeDirectory("model")
    let path = try directory.write([UInt8](repeating: 7, count: 100), to: "model/digits.safetensors")
    let run = try ProgramRun(
      ["recognize", "x.png"], environment: ["HOME": "/", "PANEL_ASSETS": directory.root], in: directory)
    #expect(run.status == 1)
    #expect(run.complaint.hasPrefix("panelctl: cannot use the model \(path): "))
    #expect(run.complaint.split(separator: "\n").count == 1)
  }

  /// CRC-32 of a chunk (PNG specification, annex D).
  private func crc(_ bytes: [UInt8]) -> [UInt8] {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB8_8320 }
    }
    let value = ~sum
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }
}
