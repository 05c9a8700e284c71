/// Metrics in Prometheus' text exposition format 0.0.4, as a text that grows
/// (https://prometheus.io/docs/instrumenting/exposition_formats).
struct Exposition {
  enum Kind: String {
    case counter, gauge, summary
  }

  /// One line of a metric.
  struct Sample {
    /// What stands behind the metric's name: `_count` and `_sum` of a summary.
    var suffix = ""
    /// Names are letters, digits and `_`; values any text.
    var labels: [(name: String, value: String)] = []
    /// As it is written: a whole number stays one.
    var value: String

    init(_ value: Int, _ labels: (String, String)..., suffix: String = "") {
      (self.suffix, self.labels, self.value) = (suffix, labels.map { ($0, $1) }, String(value))
    }

    init(_ value: Double, _ labels: (String, String)..., suffix: String = "") {
      (self.suffix, self.labels) = (suffix, labels.map { ($0, $1) })
      self.value = value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : value.description
    }

    init(_ value: Bool) { self.init(value ? 1 : 0) }
  }

  private(set) var text = ""
  /// The metrics that it has, in their order: each appears once, with all its samples together.
  private(set) var names: [String] = []

  /// Adds a metric with its samples; one without any is left out, which means that it is not known.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: Sample?...) {
    add(name, kind, help, all: samples.compactMap { $0 })
  }

  mutating func add(_ name: String, _ kind: Kind, _ help: String, all samples: [Sample]) {
    guard !samples.isEmpty, !names.contains(name) else { return }
    names.append(name)
    text += "# HELP \(name) \(Exposition.escaped(help, quote: false))\n# TYPE \(name) \(kind.rawValue)\n"
    for sample in samples {
      text += name + sample.suffix
      if !sample.labels.isEmpty {
        let pairs = sample.labels.map { "\($0.name)=\"\(Exposition.escaped($0.value, quote: true))\"" }
        text += "{\(pairs.joined(separator: ","))}"
      }
      text += " \(sample.value)\n"
    }
  }

  /// A backslash and the end of a line are escaped, and in a label's value the quotation mark.
  static func escaped(_ words: String, quote: Bool) -> String {
    var text = ""
    for scalar in words.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\"" where quote: text += "\\\""
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
