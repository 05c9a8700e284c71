import Ink

/// What may be wrong with a sample. A flagged sample is stored and exported like any other, with its flags; nothing is
/// dropped silently (quickdraw-dataset#7, #55).
public struct QualityFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// There is no ink, or so little that nobody could see it.
  public static let blank = QualityFlags(rawValue: 1 << 0)
  /// The ink is one spot: a tap.
  public static let dot = QualityFlags(rawValue: 1 << 1)
  /// There is far more ink than a digit needs.
  public static let scribble = QualityFlags(rawValue: 1 << 2)
  /// It was drawn faster than a hand writes: a tap-through.
  public static let tooFast = QualityFlags(rawValue: 1 << 3)
  /// The recogniser reads another digit, or none.
  public static let disagrees = QualityFlags(rawValue: 1 << 4)
  /// A palm was on the glass while it was drawn.
  public static let palm = QualityFlags(rawValue: 1 << 5)
  /// It is the same drawing as another of this visitor.
  public static let repeated = QualityFlags(rawValue: 1 << 6)

  /// It came sooner than the rules of the competition count: more drawings a minute than score.
  public static let rushed = QualityFlags(rawValue: 1 << 7)

  /// The flags that keep a sample from scoring on the board. A recogniser's opinion is not among them: a model that
  /// filters its own training data biases it.
  public static let unscored: QualityFlags = [.blank, .dot, .scribble, .tooFast, .repeated, .rushed]

  /// Every flag with its name in exports and in status.
  public static let names: [(flag: QualityFlags, name: String)] = [
    (.blank, "blank"), (.dot, "dot"), (.scribble, "scribble"), (.tooFast, "too_fast"),
    (.disagrees, "disagrees"), (.palm, "palm"), (.repeated, "repeated"), (.rushed, "rushed"),
  ]

  /// The names of the flags that are set, in a fixed order.
  public var names: [String] {
    QualityFlags.names.filter { contains($0.flag) }.map(\.name)
  }
}

/// The measures of a drawing by which it is flagged, and their limits.
///
/// The limits stand where hardly an honest digit lies: see the figures at each.
public struct Quality: Sendable {
  /// Fewer pixels of ink than this are none: a single dot of the brush of 20 has about 310.
  public static let leastInk = 60
  /// Ink whose box is no longer than this on either side is a dot, in pixels: the brush of 20 and a finger that slips
  /// by 14.
  public static let dotSide = 34
  /// More of the canvas than this under ink is a scribble, in percent.
  public static let mostCoverage = 50
  /// A longer way of the finger than this is a scribble, in canvas pixels: ten times the side of the canvas. The longest of
  /// 11,465 digits (UCI 81 and handwritten-digits-corpus, scaled to 220 pixels) has 1,090, the 99th percentile 791.
  public static let mostLength: Float = 2800
  /// More strokes than this are a scribble; those 11,465 digits have at most 4.
  public static let mostStrokes = 12
  /// A drawing that took less time than this from the first touch to the last sample is too fast, in milliseconds. The
  /// fastest of the single lines in write-math (l, | and /) took 111 ms.
  public static let leastDuration: UInt32 = 80
  /// A contact wider than this is a palm, in canvas pixels: three fingers' width.
  public static let widestContact: Float = 120

  /// The flags that a drawing itself earns.
  ///
  /// - Parameters:
  ///   - strokes: as they came.
  ///   - canvas: the drawing at 280 x 280.
  ///   - label: the digit that was asked for.
  ///   - prediction: what the recogniser read; nil raises no flag.
  ///   - palmSeen: whether Touch cancelled a palm meanwhile.
  ///   - previous: the hashes of this visitor's earlier drawings.
  ///   - leastDuration: what took less time is too fast, in milliseconds.
  public static func flags(
    strokes: [Stroke], canvas: Canvas, label: Int, prediction: Prediction?, palmSeen: Bool = false,
    previous: [InkHash] = [], leastDuration: UInt32 = Quality.leastDuration
  ) -> QualityFlags {
    var flags: QualityFlags = []
    let ink = extent(of: canvas)
    if ink.pixels < leastInk {
      flags.insert(.blank)
    } else if ink.box.width <= dotSide && ink.box.height <= dotSide {
      flags.insert(.dot)
    }
    if ink.pixels * 100 > canvas.pixels.count * mostCoverage || strokes.count > mostStrokes
      || length(of: strokes) > mostLength
    {
      flags.insert(.scribble)
    }
    // A dot takes no time: it is told as a dot, not as too fast.
    if flags.isDisjoint(with: [.blank, .dot]), duration(of: strokes) < leastDuration {
      flags.insert(.tooFast)
    }
    if let prediction, prediction.digit != label || !prediction.isDigit { flags.insert(.disagrees) }
    if palmSeen || strokes.contains(where: { $0.points.contains { $0.size > widestContact } }) {
      flags.insert(.palm)
    }
    let hash = InkHash(canvas)
    if previous.contains(where: { hash.isSameDrawing(as: $0) }) { flags.insert(.repeated) }
    return flags
  }

  /// Pixels that are at least half ink, and the box around them, in canvas pixels of scale 1.
  private static func extent(of canvas: Canvas) -> (pixels: Int, box: PixelRect) {
    var count = 0
    var (left, top, right, bottom) = (Int.max, Int.max, Int.min, Int.min)
    for y in 0..<canvas.width {
      for x in 0..<canvas.width where canvas.pixels[y * canvas.width + x] >= 128 {
        count += 1
        (left, right) = (min(left, x), max(right, x))
        (top, bottom) = (min(top, y), max(bottom, y))
      }
    }
    guard count > 0 else { return (0, .empty) }
    return (count, PixelRect(x: left, y: top, width: right - left + 1, height: bottom - top + 1))
  }

  /// The way of the finger on the glass, in canvas pixels. A point that is no number adds nothing.
  private static func length(of strokes: [Stroke]) -> Float {
    var sum: Float = 0
    for stroke in strokes {
      for (a, b) in zip(stroke.points, stroke.points.dropFirst()) {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let step = (dx * dx + dy * dy).squareRoot()
        if step.isFinite { sum += step }
      }
    }
    return sum
  }

  /// From the first sample to the last, in milliseconds.
  private static func duration(of strokes: [Stroke]) -> UInt32 {
    guard let first = strokes.first(where: { !$0.points.isEmpty })?.points.first,
      let last = strokes.last(where: { !$0.points.isEmpty })?.points.last, last.t >= first.t
    else { return 0 }
    return last.t - first.t
  }
}
