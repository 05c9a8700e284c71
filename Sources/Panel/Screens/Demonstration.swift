import Kernel
import Settings

/// Digits as a hand has drawn them, which the first screen draws again: the samples of Assets/attract/digits.txt.
struct Demonstration: Sendable, Equatable {
  /// Where the pen was at a moment of a drawing.
  struct Sample: Sendable, Equatable {
    /// Milliseconds since the drawing began.
    var time: UInt32
    /// In canvas coordinates, 0 ... 280.
    var x: Float
    var y: Float
    /// Whether the pen comes down here.
    var begins = false
    /// Whether it is lifted after this sample.
    var ends = false
  }

  struct Drawing: Sendable, Equatable {
    var digit: Int
    /// At least one, in the order of time.
    var samples: [Sample]
  }

  /// In the order in which they are drawn; without any the sheet stays empty.
  var drawings: [Drawing]

  static let none = Demonstration(drawings: [])

  private init(drawings: [Drawing]) { self.drawings = drawings }

  /// Reads the file. What cannot be read of it is left out and becomes a finding; a file never stops the panel.
  init(bytes: [UInt8], findings: inout [String]) {
    drawings = []
    var lifted = true
    let text = String(decoding: bytes, as: UTF8.self)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("#") { continue }
      let words = line.split(separator: " ")
      if words.isEmpty {
        lift()
        lifted = true
      } else if words.count == 2, words[0] == "digit", let digit = Int(words[1]), (0...9).contains(digit) {
        lift()
        lifted = true
        drawings.append(Drawing(digit: digit, samples: []))
      } else if let sample = Demonstration.sample(words), let last = drawings.indices.last,
        sample.time >= drawings[last].samples.last?.time ?? 0
      {
        drawings[last].samples.append(sample)
        drawings[last].samples[drawings[last].samples.count - 1].begins = lifted
        lifted = false
      } else {
        findings.append(
          "attract/digits.txt: line \(index + 1) is no sample; it must be milliseconds, x and y from 0 to 280"
        )
        break
      }
    }
    lift()
    drawings.removeAll(where: \.samples.isEmpty)
  }

  /// The demonstration of the installed assets, or none and a finding.
  init(_ search: AssetSearch, findings: inout [String]) {
    var bytes: [UInt8] = []
    do throws(KernelError) {
      bytes = try contentsOfFile(try search.find("attract/digits.txt"), limit: 1 << 18)
    } catch {
      findings.append("\(error); the first screen stands still")
    }
    self.init(bytes: bytes, findings: &findings)
  }

  private mutating func lift() {
    guard let drawing = drawings.indices.last, let sample = drawings[drawing].samples.indices.last else {
      return
    }
    drawings[drawing].samples[sample].ends = true
  }

  private static func sample(_ words: [Substring]) -> Sample? {
    guard words.count == 3, let time = UInt32(words[0]), time < 60_000, let x = Float(words[1]),
      let y = Float(words[2]), (0...280).contains(x), (0...280).contains(y)
    else { return nil }
    return Sample(time: time, x: x, y: y)
  }
}
