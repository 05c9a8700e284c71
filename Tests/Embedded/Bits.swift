import CStandardIO
import Ink
import Recognizer

/// Prints what the panel's pure parts compute, so that two processors can be compared bit for bit.
///
/// The model comes by standard input. Drawings are made from a seed, inked, normalised and read with every kernel set that
/// the processor has; a line a drawing goes to standard output: a checksum of the canvas, of the 28 x 28 image, the eleven
/// logits, the rejection and the ten probabilities, and of the strokes redrawn at one size. A drawing that two kernel sets read differently gives a line that says so.
///
/// With two arguments it reads one drawing over and over, for counting instructions: `inference` or `canvas` (the normaliser
/// too), and how often.
@_cdecl("main")
func main(_ count: Int32, _ arguments: UnsafePointer<UnsafePointer<CChar>>) -> Int32 {
  do throws(ModelError) {
    let model = try Model(Bits.standardInput())
    if count == 3 {
      Bits.read(Int(atol(arguments[2])), fromCanvas: arguments[1][0] == 0x63, with: model)
    } else {
      Bits.compare(with: model)
    }
    return 0
  } catch {
    Bits.emit(error.description)
    return 1
  }
}

enum Bits {
  static func standardInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { CStandardIO.read(0, $0.baseAddress, UInt($0.count)) }
      if count <= 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  static func compare(with model: Model) {
    var readers: [Recognizer] = []
    for kernels in KernelSet.available { readers.append(Recognizer(model, kernels: kernels)) }
    for seed in 0..<200 as Range<UInt64> { describe(drawing(seed), by: &readers) }
    var line = "compared"
    for kernels in KernelSet.available { line += " " + kernels.rawValue }
    emit(line)
  }

  /// Reads one drawing `count` times with the fastest kernels, from its image or from its canvas, and prints the last answer.
  static func read(_ count: Int, fromCanvas: Bool, with model: Model) {
    guard let kernels = KernelSet.available.last else { return }
    var reader = Recognizer(model, kernels: kernels)
    var normalizer = Normalizer()
    var canvas = Canvas()
    for stroke in drawing(7) { canvas.draw(stroke, diameter: 20) }
    guard let image = normalizer.normalize(canvas.pixels, width: Canvas.side, height: Canvas.side) else {
      return emit("blank")
    }
    var reading = reader.read(image)
    for _ in 0..<count {
      if fromCanvas {
        guard let again = normalizer.normalize(canvas.pixels, width: Canvas.side, height: Canvas.side) else {
          return
        }
        reading = reader.read(again)
      } else {
        reading = reader.read(image)
      }
    }
    emit(kernels.rawValue + " " + String(reading.rejection))
  }

  private static func describe(_ strokes: [Stroke], by readers: inout [Recognizer]) {
    var canvas = Canvas()
    for (i, stroke) in strokes.enumerated() { canvas.draw(stroke, diameter: Float(6 + i * 7)) }
    var normalizer = Normalizer()
    var redrawing = Redrawing()
    _ = redrawing.redraw(strokes, brush: 20)
    guard let image = normalizer.normalize(canvas.pixels, width: Canvas.side, height: Canvas.side) else {
      return emit("blank")
    }
    for kernels in KernelSet.available {
      var other = Normalizer(kernels: kernels)
      guard other.normalize(canvas.pixels, width: Canvas.side, height: Canvas.side) == image else {
        return emit("the normalisers differ")
      }
    }
    let logits = readers[0].logits(of: image)
    let reading = readers[0].read(image)
    for i in readers.indices {
      guard readers[i].logits(of: image) == logits, readers[i].read(image) == reading else {
        return emit("the kernels differ")
      }
    }
    var line = String(checksum(canvas.pixels)) + " " + String(checksum(image.pixels))
    for i in 0..<11 { line += " " + String(logits[i]) }
    line += " " + String(reading.rejection)
    for digit in 0..<10 { line += " " + String(reading[digit]) }
    emit(line + " " + String(checksum(redrawing.canvas.pixels)))
  }

  static func emit(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, UInt($0.count)) }
  }

  /// Random curves; some of them are like digits.
  private static func drawing(_ seed: UInt64) -> [Stroke] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func random(_ low: Float, _ high: Float) -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return low + (high - low) * Float(state >> 40) / Float(1 << 24)
    }
    var strokes: [Stroke] = []
    for _ in 0...Int(random(0, 3)) {
      var stroke = Stroke()
      var (x, y) = (random(40, 240), random(40, 240))
      var (dx, dy) = (random(-12, 12), random(-12, 12))
      for _ in 0...Int(random(0, 40)) {
        stroke.points.append(StrokePoint(x: x, y: y))
        (x, y) = (x + dx, y + dy)
        (dx, dy) = (dx * 0.9 + dy * 0.3, dy * 0.9 - dx * 0.3)
      }
      strokes.append(stroke)
    }
    return strokes
  }

  /// FNV-1a.
  private static func checksum(_ bytes: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}
