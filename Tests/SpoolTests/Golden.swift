import Ink
import Kernel
import Randomness
import Spool
import Testing

/// A record that version 1 of the software wrote, and what is in it.
struct Golden: Sendable, CustomTestStringConvertible {
  let name: String
  let sample: Sample
  let hash: String

  var testDescription: String { name }
  var path: String { "\(Golden.folder)/\(name).digitsample" }

  static let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Golden"

  static let all: [Golden] = [
    Golden(
      name: "seven", sample: seven,
      hash: "546b321c09b2616c888b8dc76f7d5b9bfedbb37b7e5b8b03ddf107b4ae8e3d76"),
    Golden(
      name: "two-strokes", sample: twoStrokes,
      hash: "bee2c30fd92672125e3ff109a7f00cff4445262acf1ef18412ecb68d04b247e6"),
    Golden(
      name: "least", sample: least,
      hash: "84f1c2719d9ede5cfdb7039d2d5857960b3c7c964124a1378be097e47a6a2534"),
  ]

  private static let seven: Sample = {
    var generator = SplitMix64(seed: 100)
    var sample = Drawings.sample(png: picture, using: &generator)
    sample.panel = Identifier(using: &generator)
    sample.sequence = 1
    return sample
  }()

  /// A seven with a bar, by a device without contact size, before the clock was set, that was read as a two.
  private static let twoStrokes: Sample = {
    var generator = SplitMix64(seed: 101)
    var strokes = Drawings.seven(dx: 10.25, dy: -3.5)
    let bar = (0..<12).map { StrokePoint(x: 90 + Float($0) * 7, y: 140, t: 900 + UInt32($0) * 8) }
    strokes.append(Stroke(points: bar))
    var sample = Drawings.sample(nameShown: false, strokes: strokes, png: picture, using: &generator)
    sample.flags = [.disagrees, .palm]
    sample.prediction = Prediction(
      probabilities: [0, 0, 60000, 0, 0, 0, 0, 5536, 0, 0], rejection: 30000, isDigit: false)
    sample.language = "uk"
    sample.panel = Identifier(using: &generator)
    sample.sequence = .max
    sample.time = Timestamp(
      wall: -1, quality: .unset, boot: Identifier(using: &generator), sinceBoot: 1)
    return sample
  }()

  /// As little as a record can hold.
  private static let least = Sample(
    id: Identifier(high: 1, low: 2), label: 0, strokes: [], png: picture, contributor: .none, session: .none,
    language: "", consent: Consent(version: "", dataSet: false, nameShown: false), softwareVersion: "",
    modelVersion: "", prediction: nil, flags: [],
    time: Timestamp(wall: 0, quality: .unset, boot: .none, sinceBoot: 0))

  /// The picture lies beside the records, so that they do not depend on how a libpng compresses.
  private static let picture = (try? contentsOfFile("\(folder)/seven.png", limit: 1 << 20)) ?? []
}
