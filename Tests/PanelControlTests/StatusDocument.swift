import FoundationEssentials
import Kernel
import Testing

/// The tables of Sources/PanelControl/Health/STATUS.md.
enum StatusDocument {
  /// The keys of `--json` and the names of the metrics, each sorted.
  static func read() throws -> (keys: [String], metrics: [String]) {
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let bytes = try contentsOfFile("\(root)/Sources/PanelControl/Health/STATUS.md", limit: 1 << 20)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let middle = try #require(lines.firstIndex { $0.hasPrefix("## The metrics") })
    return (rows(lines[..<middle]), rows(lines[middle...]))
  }

  /// What stands in the first column in code.
  private static func rows(_ lines: ArraySlice<Substring>) -> [String] {
    lines.filter { $0.hasPrefix("| `") }.map { String($0.dropFirst(3).prefix { $0 != "`" }) }.sorted()
  }

  /// Every key of a JSON object, by its path: `a`, `a.b`, `a[].b`.
  static func keys(of json: String) throws -> [String] {
    let value = try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    var found: Set<String> = []
    value.collect("", &found)
    return found.sorted()
  }

  private indirect enum Value: Decodable {
    case object([String: Value])
    case list([Value])
    case other

    init(from decoder: any Decoder) throws {
      let single = try decoder.singleValueContainer()
      if let members = try? single.decode([String: Value].self) {
        self = .object(members)
      } else if let values = try? single.decode([Value].self) {
        self = .list(values)
      } else {
        self = .other
      }
    }

    func collect(_ path: String, _ found: inout Set<String>) {
      switch self {
      case .object(let members):
        for (name, value) in members {
          let key = path.isEmpty ? name : "\(path).\(name)"
          found.insert(key)
          value.collect(key, &found)
        }
      case .list(let values): for value in values { value.collect("\(path)[]", &found) }
      case .other: break
      }
    }
  }
}
