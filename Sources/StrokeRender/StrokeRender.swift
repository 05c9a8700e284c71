import Glibc
import Ink
import Recognizer

/// Turns strokes into the 28 x 28 images that the network sees, by the panel's own ink and normaliser, in bulk.
///
/// It stands between the stroke sets and the training: what the network learns from is drawn by the same brush and
/// normalised by the same integers as what it will read. Standard input holds drawings, one after another,
/// little-endian:
///
///     Float32   diameter of the brush in canvas coordinates
///     UInt32    number of strokes
///     each stroke: UInt32 number of points, then x and y of each as Float32 in canvas coordinates
///
/// Standard output gets 784 bytes for each; a drawing without ink in the canvas gives 784 zeros.
///
/// `stroke-render --images WIDTH HEIGHT` takes pictures instead: that many bytes each, row by row, 255 is ink.
///
/// It ends with 1 at what is no drawing or no whole picture, and with 2 for wrong usage.
@main
struct StrokeRender {
  /// More points than this in one stroke, or strokes in one drawing, are no drawing, but a damaged stream.
  static let pointLimit: UInt32 = 1 << 20

  static func main() {
    if CommandLine.arguments.count > 1 { return normalizeImages() }
    var input = Input()
    var canvas = Canvas()
    var normalizer = Normalizer()
    let blank = [UInt8](repeating: 0, count: DigitImage.side * DigitImage.side)
    var output: [UInt8] = []
    while let diameter = input.word() {
      let diameter = Float(bitPattern: diameter)
      guard (0...Float(Canvas.side)).contains(diameter) else {
        fail("a drawing has a brush of \(diameter) pixels; it takes 0 to \(Canvas.side)")
      }
      let count = input.count(of: "strokes in a drawing")
      canvas.clear()
      for _ in 0..<count {
        canvas.draw(readStroke(&input), diameter: diameter)
      }
      let image = normalizer.normalize(canvas.pixels, width: Canvas.side, height: Canvas.side)
      output += image?.pixels ?? blank
      if output.count >= 1 << 20 { write(&output) }
    }
    write(&output)
  }

  private static func normalizeImages() {
    let words = CommandLine.arguments
    guard words.count == 4, words[1] == "--images", let width = Int(words[2]), let height = Int(words[3]),
      (1...4096).contains(width), (1...4096).contains(height)
    else {
      fail(
        "usage: stroke-render [--images WIDTH HEIGHT] < DRAWINGS > IMAGES; a picture has 1 to 4096 pixels a side",
        code: 2)
    }
    let blank = [UInt8](repeating: 0, count: DigitImage.side * DigitImage.side)
    var input = Input()
    var normalizer = Normalizer()
    var output: [UInt8] = []
    while let picture = input.bytes(width * height) {
      output += normalizer.normalize(picture, width: width, height: height)?.pixels ?? blank
      if output.count >= 1 << 20 { write(&output) }
    }
    write(&output)
  }

  private static func readStroke(_ input: inout Input) -> Stroke {
    let count = input.count(of: "points in a stroke")
    var stroke = Stroke()
    stroke.points.reserveCapacity(Int(count))
    for _ in 0..<count {
      let (x, y) = (input.wordWithin(), input.wordWithin())
      stroke.points.append(StrokePoint(x: Float(bitPattern: x), y: Float(bitPattern: y)))
    }
    return stroke
  }

  private static func write(_ output: inout [UInt8]) {
    var rest = output[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { fail("cannot write the images: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(count)
    }
    output.removeAll(keepingCapacity: true)
  }

  private static func fail(_ reason: String, code: Int32 = 1) -> Never {
    let line = Array("stroke-render: \(reason)\n".utf8)
    _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    exit(code)
  }

  /// Standard input in words of 32 bits.
  private struct Input {
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var next = 0
    private var end = 0

    /// The next word, or nil at the end of the input.
    mutating func word() -> UInt32? {
      if end - next < 4 { refill() }
      guard end - next >= 4 else {
        if end > next { failCut() }
        return nil
      }
      defer { next += 4 }
      var word: UInt32 = 0
      for i in (0..<4).reversed() { word = word << 8 | UInt32(buffer[next + i]) }
      return word
    }

    /// The next word of a drawing that has begun.
    mutating func wordWithin() -> UInt32 {
      guard let word = word() else { failCut() }
      return word
    }

    /// How many of something follow.
    mutating func count(of things: String) -> UInt32 {
      let count = wordWithin()
      guard count <= pointLimit else {
        fail("there cannot be \(count) \(things); the input is no stream of drawings, or it is damaged")
      }
      return count
    }

    private func failCut() -> Never { fail("the last drawing is cut off; make the stream of drawings anew") }

    /// The next so many bytes, or nil when the input ends before them.
    mutating func bytes(_ count: Int) -> [UInt8]? {
      var result: [UInt8] = []
      result.reserveCapacity(count)
      while result.count < count {
        if next == end { refill() }
        if next == end {
          if !result.isEmpty { fail("the last picture is cut off; is each \(count) bytes?") }
          return nil
        }
        let part = min(count - result.count, end - next)
        result += buffer[next..<next + part]
        next += part
      }
      return result
    }

    /// Moves what is left of a word to the front and reads on, until a word is there or the input ends.
    private mutating func refill() {
      let left = end - next
      for i in 0..<left { buffer[i] = buffer[next + i] }
      (next, end) = (0, left)
      while end < 4 {
        let count = buffer.withUnsafeMutableBytes {
          read(STDIN_FILENO, $0.baseAddress.map { $0 + end }, $0.count - end)
        }
        if count < 0 && errno == EINTR { continue }
        if count < 0 { fail("cannot read the drawings: \(String(cString: strerror(errno)))") }
        if count == 0 { return }
        end += count
      }
    }
  }
}
