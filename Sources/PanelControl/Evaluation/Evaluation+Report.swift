import JSON

extension Evaluation {
  /// The report for people.
  var lines: [String] {
    var lines = ["\(TerminalText.escaped(name)): " + summary]
    if all.samples > 0 {
      let accuracies = digits.enumerated().map { "\($0.offset): \(Evaluation.percent($0.element.accuracy))" }
      lines.append("  right by digit    " + accuracies[..<5].joined(separator: "  "))
      lines.append("                    " + accuracies[5...].joined(separator: "  "))
      if let worst = worstWriter {
        lines.append(
          "  writers           \(writers.count), the worst \(TerminalText.escaped(worst.name)) with "
            + "\(Evaluation.percent(worst.score.accuracy)) of \(worst.score.samples)")
      }
      lines.append("  read as          " + (0...9).map { Columns.right($0, 6) }.joined())
      for (digit, row) in confusion.enumerated() {
        lines.append("  drawn \(digit)          " + row.map { Columns.right($0, 6) }.joined())
      }
    }
    return lines
  }

  private var summary: String {
    var parts: [String] = []
    if all.samples > 0 {
      parts.append("\(all.samples) digits, \(Evaluation.percent(all.accuracy)) read right")
      parts.append("\(Evaluation.percent(all.keptShare)) taken for digits")
      parts.append("calibration error \(Evaluation.percent(calibrationError))")
    }
    if others.samples > 0 {
      parts.append(
        "of \(others.samples) that are no digits \(Evaluation.percent(others.keptShare)) taken for digits")
    }
    return parts.isEmpty ? "no drawings" : parts.joined(separator: ", ")
  }

  /// A share as `99.70 %`.
  private static func percent(_ share: Double?) -> String {
    guard let share else { return "-" }
    let hundredths = Int((share * 10_000).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }

  /// The report for scripts; shares are 0 ... 1.
  var json: JSON {
    func score(_ score: Score) -> [(String, JSON)] {
      [
        ("samples", .int(score.samples)), ("accuracy", score.accuracy.map { .number($0) } ?? .null),
        ("kept", score.keptShare.map { .number($0) } ?? .null),
      ]
    }
    return .object(
      [("name", .string(name))] + score(all) + [
        ("calibration_error", calibrationError.map { .number($0) } ?? .null),
        ("digits", .array(digits.map { .object(score($0)) })),
        (
          "writers",
          .array(
            writers.sorted { $0.key < $1.key }.map {
              .object([("writer", .string($0.key))] + score($0.value))
            })
        ),
        ("confusion", .array(confusion.map { .array($0.map { .int($0) }) })),
        (
          "others",
          ["samples": .int(others.samples), "kept": others.keptShare.map { .number($0) } ?? .null]
        ),
      ])
  }
}
