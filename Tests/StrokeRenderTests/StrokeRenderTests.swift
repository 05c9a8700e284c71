import Glibc
import Ink
import Kernel
import Recognizer
import Testing

@Suite("stroke-render")
struct StrokeRenderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func render(_ input: [UInt8], _ arguments: String..., output: String? = nil) throws -> ProgramRun {
    try ProgramRun(
      arguments, of: "stroke-render", input: try directory.write(input, to: "input"), output: output,
      in: directory)
  }

  private static func bytes(_ words: UInt32...) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  /// A drawing as the program reads it.
  private static func drawing(_ strokes: [Stroke], diameter: Float = 20) -> [UInt8] {
    bytes(diameter.bitPattern, UInt32(strokes.count))
      + strokes.flatMap { stroke in
        bytes(UInt32(stroke.points.count))
          + stroke.points.flatMap { bytes($0.x.bitPattern, $0.y.bitPattern) }
      }
  }

  private static func stroke(_ points: (Float, Float)...) -> Stroke {
    Stroke(points: points.map { StrokePoint(x: $0.0, y: $0.1) })
  }

  private static let seven = stroke((80, 70), (190, 75), (115, 220))

  @Test("drawings become what the panel's own ink and normaliser make of them, one without ink is blank")
  func drawings() throws {
    var canvas = Canvas()
    canvas.draw(Self.seven, diameter: 20)
    var normalizer = Normalizer()
    let drawn = normalizer.normalize(canvas.pixels, width: Canvas.side, height: Canvas.side)
    let image = try #require(drawn)
    let blank = [UInt8](repeating: 0, count: 784)
    let input = Self.drawing([Self.seven]) + Self.drawing([]) + Self.drawing([Self.seven])
    let run = try render(input)
    #expect(run.status == 0 && run.complaint == "")
    #expect(run.outputBytes == image.pixels + blank + image.pixels)
    let pictures = try render(canvas.pixels + canvas.pixels, "--images", "280", "280")
    #expect(pictures.status == 0 && pictures.outputBytes == image.pixels + image.pixels)
    #expect(try render([]).outputBytes == [])
  }

  @Test("coordinates that are no place end nothing: each drawing has its image")
  func oddCoordinates() throws {
    let odd: [Float] = [.nan, .infinity, -.infinity, 1e38, -1e38, .leastNonzeroMagnitude, 280, -0.0]
    let input = odd.flatMap { x in
      odd.flatMap { y in Self.drawing([Self.stroke((x, y), (100, 100), (y, x)), Self.stroke((x, y))]) }
    }
    let run = try render(input)
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.outputBytes.count == 64 * 784)
  }

  @Test(
    "what is no drawing is one sentence, and ends with 1",
    arguments: [
      (bytes(Float.nan.bitPattern, 0), "a brush of nan pixels; it takes 0 to 280"),
      (bytes(Float(280.5).bitPattern, 0), "a brush of 280.5 pixels"),
      (bytes(Float(-1).bitPattern, 0), "a brush of -1.0 pixels"),
      (Array("{\"strokes\": [[[1, 2]]]}\n".utf8), "a brush of"),
      (bytes(Float(20).bitPattern), "the last drawing is cut off"),
      (bytes(Float(20).bitPattern, 1), "the last drawing is cut off"),
      (Array(drawing([seven]).dropLast(4)), "the last drawing is cut off"),
      (Array(drawing([seven]).dropLast()), "the last drawing is cut off"),
      (drawing([seven]) + [0], "the last drawing is cut off"),
      (bytes(Float(20).bitPattern, (1 << 20) + 1), "there cannot be 1048577 strokes in a drawing"),
      (bytes(Float(20).bitPattern, 1, .max), "there cannot be 4294967295 points in a stroke"),
    ])
  func refused(input: [UInt8], words: String) throws {
    let run = try render(input)
    #expect(run.status == 1)
    #expect(run.complaint.hasPrefix("stroke-render: ") && run.complaint.contains(words), "\(run.complaint)")
    #expect(run.complaint.split(separator: "\n").count == 1)
    #expect(run.outputBytes == [])
  }

  @Test("a picture that is cut off, a full disk and a directory as input end with 1, wrong words with 2")
  func otherRefusals() throws {
    let cut = try render([UInt8](repeating: 255, count: 784 + 783), "--images", "28", "28")
    #expect(cut.status == 1)
    #expect(cut.complaint == "stroke-render: the last picture is cut off; is each 784 bytes?\n")
    let full = try render(Self.drawing([Self.seven]), output: "/dev/full")
    #expect(full.status == 1)
    #expect(full.complaint == "stroke-render: cannot write the images: No space left on device\n")
    let run = try ProgramRun([], of: "stroke-render", input: directory.root, in: directory)
    #expect(run.status == 1 && run.complaint.hasPrefix("stroke-render: cannot read the drawings: "))
    for words in [
      "--images", "--images 28", "--images 0 28", "--images 28 4097", "--images -1 28", "--images a b", "x",
    ] {
      let run = try ProgramRun(
        words.split(separator: " ").map(String.init), of: "stroke-render", in: directory)
      #expect(run.status == 2, "\(words)")
      #expect(run.complaint.hasPrefix("stroke-render: usage: stroke-render [--images WIDTH HEIGHT]"))
      #expect(run.complaint.split(separator: "\n").count == 1)
    }
  }
}
