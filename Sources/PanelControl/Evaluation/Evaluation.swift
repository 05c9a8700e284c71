/// How well drawings of known digits are read: counted one by one, for one set.
struct Evaluation: Equatable, Sendable {
  /// How many of some drawings were read right, and how many were taken for digits at all.
  struct Score: Equatable, Sendable {
    var samples = 0
    var right = 0
    var kept = 0

    /// 0 ... 1; nil of nothing.
    var accuracy: Double? { samples > 0 ? Double(right) / Double(samples) : nil }
    /// 0 ... 1; nil of nothing.
    var keptShare: Double? { samples > 0 ? Double(kept) / Double(samples) : nil }
  }

  let name: String
  /// Drawings of digits.
  private(set) var all = Score()
  private(set) var digits = [Score](repeating: Score(), count: 10)
  private(set) var writers: [String: Score] = [:]
  /// How often digit d, in row d, was read as which.
  private(set) var confusion = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 10)
  /// Drawings of something else; `kept` are those that were taken for digits.
  private(set) var others = Score()
  private var bins = [Bin](repeating: Bin(), count: Evaluation.binCount)

  /// Bins of equal width for the calibration error, as is customary (Guo et al. 2017, "On Calibration of Modern Neural
  /// Networks").
  static let binCount = 15

  private struct Bin: Equatable {
    var samples = 0
    var right = 0
    var confidence: UInt64 = 0
  }

  init(name: String) {
    self.name = name
  }

  /// Counts one drawing.
  ///
  /// - Parameters:
  ///   - digit: what it is; nil for something that is no digit.
  ///   - read: the digit that was read, 0 ... 9.
  ///   - confidence: its probability in 1/65536.
  ///   - isDigit: whether it was taken for a digit.
  mutating func add(digit: Int?, writer: String?, read: Int, confidence: UInt32, isDigit: Bool) {
    guard let digit, digits.indices.contains(digit), digits.indices.contains(read) else {
      others.samples += 1
      if isDigit { others.kept += 1 }
      return
    }
    let isRight = digit == read
    func count(_ score: inout Score) {
      score.samples += 1
      if isRight { score.right += 1 }
      if isDigit { score.kept += 1 }
    }
    count(&all)
    count(&digits[digit])
    if let writer { count(&writers[writer, default: Score()]) }
    confusion[digit][read] += 1
    let bin = min(Evaluation.binCount - 1, Int(confidence) * Evaluation.binCount / 65_536)
    bins[bin].samples += 1
    bins[bin].confidence += UInt64(confidence)
    if isRight { bins[bin].right += 1 }
  }

  /// The expected calibration error, 0 ... 1: how far confidence and accuracy are apart in each bin, weighted by its size.
  var calibrationError: Double? {
    guard all.samples > 0 else { return nil }
    let sum = bins.reduce(0.0) { $0 + abs(Double($1.confidence) / 65_536 - Double($1.right)) }
    return sum / Double(all.samples)
  }

  /// The writer of whom the smallest share was read right; of equal ones the first by name.
  var worstWriter: (name: String, score: Score)? {
    writers.sorted { $0.key < $1.key }
      .min { ($0.value.accuracy ?? 1) < ($1.value.accuracy ?? 1) }
      .map { (name: $0.key, score: $0.value) }
  }
}
