import CZlib
import FoundationEssentials
import Ink
import Randomness
import Testing

@testable import PanelControl

@Suite("How well drawings are read")
struct EvaluationTests {
  @Test("accuracy by digit and writer, and the confusion, are counts")
  func counts() {
    var set = Evaluation(name: "a")
    for (digit, writer, read, kept) in [
      (7, "x", 7, true), (7, "x", 1, true), (7, "y", 7, false), (1, "y", 1, true), (1, nil, 1, true),
    ] as [(Int, String?, Int, Bool)] {
      set.add(digit: digit, writer: writer, read: read, confidence: 65_536, isDigit: kept)
    }
    #expect(set.all == Evaluation.Score(samples: 5, right: 4, kept: 4))
    #expect(set.digits[7] == Evaluation.Score(samples: 3, right: 2, kept: 2))
    #expect(set.digits[1].accuracy == 1 && set.digits[0].accuracy == nil)
    #expect(
      set.writers == ["x": .init(samples: 2, right: 1, kept: 2), "y": .init(samples: 2, right: 2, kept: 1)])
    #expect(set.worstWriter?.name == "x")
    #expect(set.confusion[7][1] == 1 && set.confusion[7][7] == 2 && set.confusion[1][1] == 2)
  }

  @Test("what is no digit counts by whether it was taken for one")
  func others() {
    var set = Evaluation(name: "symbols")
    for kept in [true, false, false, false] {
      set.add(digit: nil, writer: "x", read: 3, confidence: 60_000, isDigit: kept)
    }
    #expect(set.others.keptShare == 0.25)
    #expect(set.all.samples == 0 && set.calibrationError == nil && set.writers.isEmpty)
    #expect(set.lines == ["symbols: of 4 that are no digits 25.00 % taken for digits"])
  }

  @Test("the calibration error is how far confidence and accuracy are apart")
  func calibration() {
    var certain = Evaluation(name: "")
    // Ten at 90 %, of which nine are right: no error; ten at 50 %, all right: half of them by 0.5.
    for n in 0..<10 {
      certain.add(digit: 1, writer: nil, read: n == 0 ? 2 : 1, confidence: 58_982, isDigit: true)
    }
    #expect((certain.calibrationError ?? 1) < 0.0001)
    for _ in 0..<10 { certain.add(digit: 1, writer: nil, read: 1, confidence: 32_768, isDigit: true) }
    #expect(abs((certain.calibrationError ?? 0) - 0.25) < 0.0001)
  }

  @Test("the report for scripts has every figure")
  func json() {
    var set = Evaluation(name: "a")
    set.add(digit: 0, writer: "x", read: 0, confidence: 65_536, isDigit: true)
    let text = set.json.text
    #expect(
      text.hasPrefix(
        #"{"name":"a","samples":1,"accuracy":1.0,"kept":1.0,"calibration_error":0.0,"digits":[{"#))
    #expect(
      text.contains(#""writers":[{"writer":"x","samples":1,"accuracy":1.0,"kept":1.0}],"confusion":[[1,0,"#))
    #expect(text.hasSuffix(#""others":{"samples":0,"kept":null}}"#))
  }

  @Test("an idx file is read to its last byte or not at all")
  func idx() throws {
    let good: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
    let file = try IDXFile(good)
    #expect(file.dimensions == [2, 3] && Array(file.elements) == [1, 2, 3, 4, 5, 6])
    for length in 0..<good.count {
      #expect(throws: IDXFile.Problem.self) { try IDXFile(Array(good[..<length])) }
    }
    #expect(throws: IDXFile.Problem.self) { try IDXFile(good + [7]) }
    #expect(throws: IDXFile.Problem.self) { try IDXFile([0, 0, 13] + good[3...]) }
    let huge: [UInt8] = [0, 0, 8, 4] + [UInt8](repeating: 255, count: 16)
    #expect(throws: IDXFile.Problem.self) { try IDXFile(huge) }
    // None of them, but each of a size that no number holds.
    let none: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 0] + [UInt8](repeating: 255, count: 8)
    #expect(throws: IDXFile.Problem.self) { try IDXFile(none) }
    let empty = try IDXFile([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 0])
    #expect(empty.dimensions == [2, 0] && empty.elements.isEmpty)
  }

  @Test("a line of a stroke set is a drawing in the panel's ink, in the place that is asked for")
  func strokes() throws {
    let text =
      #"{"id":"a","label":7,"writer":"w","split":"test","strokes":[[[0,0],[50,0,12]],[[50,0],[50,100]]]}"#
    let line = try JSONDecoder().decode(StrokeLine.self, from: Data(text.utf8))
    #expect(line.digit == 7 && line.writer == "w" && line.split == "test" && line.strokes.count == 2)
    let canvas = line.canvas(StrokeLine.Placement(), yGoesUp: false)
    func ink(_ x: Int, _ y: Int) -> UInt8 { canvas.pixels[y * 280 + x] }
    // 160 high and 80 wide around (140, 140).
    #expect(ink(101, 61) == 255 && ink(179, 61) == 255 && ink(179, 219) == 255 && ink(101, 219) == 0)
    let turned = line.canvas(StrokeLine.Placement(), yGoesUp: true)
    #expect(turned.pixels[219 * 280 + 101] == 255 && turned.pixels[61 * 280 + 101] == 0)
  }

  @Test("labels of digits may be text, names are no digits, and a line that is no drawing is an error")
  func labels() throws {
    func digit(_ label: String) throws -> Int? {
      try JSONDecoder().decode(StrokeLine.self, from: Data(#"{"label":\#(label),"strokes":[[[1,2]]]}"#.utf8))
        .digit
    }
    #expect(try digit("7") == 7 && digit("\"7\"") == 7 && digit("\"alpha\"") == nil && digit("12") == nil)
    for text in [
      "{}", "[]", #"{"label":1}"#, #"{"label":1,"strokes":[[[1]]]}"#, #"{"label":[],"strokes":[]}"#, "x",
    ] {
      #expect(throws: (any Error).self) { try JSONDecoder().decode(StrokeLine.self, from: Data(text.utf8)) }
    }
  }

  @Test("random places keep a drawing on the canvas, and a seed gives the same ones")
  func placement() {
    var (a, b) = (SplitMix64(seed: 5), SplitMix64(seed: 5))
    for _ in 0..<1000 {
      let place = StrokeLine.Placement(using: &a)
      #expect(place == StrokeLine.Placement(using: &b))
      let reach = (place.side + place.brush) / 2
      #expect(place.centre.x - reach >= 0 && place.centre.x + reach <= 280)
      #expect(place.centre.y - reach >= 0 && place.centre.y + reach <= 280)
    }
  }

  @Test("a size and a pen that are given hold in the middle and at random, and stay on the canvas")
  func given() {
    let middle = StrokeLine.Placement(side: 50, brush: 28)
    #expect(middle.side == 50 && middle.brush == 28 && middle.centre == (140, 140))
    var (a, b, c) = (SplitMix64(seed: 5), SplitMix64(seed: 5), SplitMix64(seed: 6))
    for _ in 0..<1000 {
      let place = StrokeLine.Placement(side: 260, brush: 20, using: &c)
      #expect(place.side == 260 && place.brush == 20 && place.centre == (140, 140))
      // What is not given is as the same seed has it without.
      let (free, pen) = (StrokeLine.Placement(using: &b), StrokeLine.Placement(brush: 12, using: &a))
      #expect(pen.brush == 12 && pen.side == free.side)
    }
  }
}

@Suite("panelctl evaluate")
struct EvaluateCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func evaluate(_ arguments: String...) throws -> ProgramRun { try evaluate(arguments) }

  private func evaluate(_ arguments: [String]) throws -> ProgramRun {
    try ProgramRun(["evaluate"] + arguments, in: directory)
  }

  /// Three digits as strokes, a line each.
  private var lines: String {
    Drawings.strokes.sorted { $0.key < $1.key }.map { digit, strokes in
      let points = strokes.map { "[" + $0.map { "[\($0.0),\($0.1)]" }.joined(separator: ",") + "]" }
      return
        #"{"id":"\#(digit)","label":\#(digit),"writer":"w\#(digit % 2)","split":"test","strokes":[\#(points.joined(separator: ","))]}"#
    }.joined(separator: "\n")
  }

  private func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)
    )
    var output = [UInt8](repeating: 0, count: bytes.count + 1000)
    var input = bytes
    let count = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        deflate(&stream, Z_FINISH)
        return output.count - Int(stream.avail_out)
      }
    }
    deflateEnd(&stream)
    return Array(output[..<count])
  }

  @Test("strokes are drawn by the panel's ink and read, compressed or not")
  func strokes() throws {
    let plain = try directory.write(lines + "\n", to: "a.jsonl")
    let packed = try directory.write(gzip(Array(lines.utf8)), to: "a.jsonl.gz")
    let run = try evaluate("--strokes", plain, packed)
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.output.contains("\(plain): 3 digits, 100.00 % read right, "))
    #expect(run.output.contains("\(packed): 3 digits, 100.00 % read right, "))
    let json = try evaluate("--strokes", plain, "--json", "--random", "1")
    #expect(
      json.output.hasPrefix(#"{"schema":1,"model":""#) && json.output.contains(#""samples":3,"accuracy":1.0"#)
    )
    #expect(try evaluate("--strokes", plain, "--split", "train").output.hasSuffix("\(plain): no drawings\n"))
    let every = try evaluate("--strokes", plain, "--every-kernel", "--picture")
    #expect(every.status == 0 && every.output.contains(": 0 of 3 readings differ in a bit"))
  }

  @Test("idx images are read with their labels")
  func idx() throws {
    var images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 1, 24, 0, 0, 1, 24]
    images += Drawings.canvas(0).pixels + Drawings.canvas(7).pixels
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 0, 1]
    let (i, l) = (try directory.write(images, to: "images"), try directory.write(labels, to: "labels"))
    let run = try evaluate("--idx", i, l)
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.output.contains("\(i): 2 digits, 50.00 % read right, 100.00 % taken for digits"))
    #expect(
      run.output.contains("  drawn 1               0     0     0     0     0     0     0     1     0     0\n")
    )
    let swapped = try evaluate("--idx", l, i)
    #expect(swapped.status == 1)
    #expect(swapped.complaint.contains("it has 1 dimensions, images have 3; name the images first"))
  }

  @Test("a damaged or foreign file is one sentence that names it")
  func damaged() throws {
    let packed = gzip(Array(lines.utf8))
    let cut = try directory.write(Array(packed[..<(packed.count / 2)]), to: "cut.gz")
    let text = try directory.write("hello\n", to: "text")
    for (file, part) in [
      (cut, "damaged or cut off"), (text, "line 1 is no drawing"), ("/nonexistent", "no such file"),
    ] {
      let run = try evaluate("--strokes", file)
      #expect(run.status == 1)
      #expect(run.complaint.contains(file) && run.complaint.contains(part), "\(run.complaint)")
      #expect(run.complaint.split(separator: "\n").count == 1)
    }
  }

  @Test("without a data set, or with half of one, it ends with 2")
  func usage() throws {
    #expect(try evaluate().status == 2)
    #expect(try evaluate("--idx", "images").status == 2)
    for option in [
      ["--split", "test"], ["--y-up"], ["--random", "1"], ["--size", "50"], ["--brush", "20"], ["--picture"],
    ] {
      let run = try evaluate(["--idx", "images", "labels"] + option)
      #expect(run.status == 2 && run.complaint.contains("are for drawings"), "\(run.complaint)")
    }
  }

  @Test(
    "strokes are drawn as large, and with as wide a pen, as is asked for; what leaves the canvas is refused")
  func sizes() throws {
    let file = try directory.write(lines + "\n", to: "a.jsonl")
    let small = try evaluate("--strokes", file, "--size", "40", "--brush", "4", "--random", "3")
    #expect(
      small.status == 0 && small.output.contains(": 3 digits, 100.00 % read right, "), "\(small.complaint)")
    // So wide a pen leaves a blot of the picture, but the panel has the strokes.
    let blot = ["--strokes", file, "--size", "36", "--brush", "24"]
    let (picture, live) = (try evaluate(blot + ["--picture"]), try evaluate(blot))
    #expect(picture.status == 0 && !picture.output.contains("100.00 % read right"), "\(picture.output)")
    #expect(live.output.contains(": 3 digits, 100.00 % read right, "), "\(live.output)")
    for (wrong, told) in [
      (["--size", "9"], "--size takes 10 to 260"), (["--brush", "61"], "--brush 2 to 60"),
      (["--size", "260", "--brush", "21"], "goes beyond the canvas"),
      (["--random", "1", "--brush", "60"], "goes beyond the canvas"),
    ] {
      let run = try evaluate(["--strokes", file] + wrong)
      #expect(run.status == 2 && run.complaint.contains(told), "\(run.complaint)")
    }
  }
}
