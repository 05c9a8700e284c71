import Ink
import JSON
import Kernel
import Testing

@testable import Panel

extension StatusReport {
  /// One in which nothing is null, and every list has something in it, but for touch devices.
  static var example: StatusReport {
    var latency = LatencyRecord()
    latency.add(250_000)
    return StatusReport(
      screen: "challenge",
      controls: [PressPlace("submit", PixelRect(x: 1, y: 2, width: 3, height: 4), isEnabled: true)],
      canvas: PixelRect(x: 5, y: 6, width: 280, height: 280), prompt: 7, firstPicture: 12,
      display: "display: headless", touch: [], inkLatency: latency, redraws: latency, barMoves: latency,
      collecting: true, displayState: "lit", visits: 2, stored: 3, notices: ["a sentence"],
      startedAgo: 5_000_000_000, model: "m1", software: "0.1")
  }
}

@Suite("What the panel tells of itself")
struct StatusReportTests {
  @Test("its keys are those that STATUS.md lists")
  func documented() throws {
    var keys: Set<String> = []
    collect(StatusReport.example.value, "panel", &keys)
    // The other two latencies are listed as "the same".
    let same = Set(
      ["count", "p50", "p99", "max", "sum"].flatMap { ["panel.redraw_us.\($0)", "panel.bars_us.\($0)"] })
    #expect(keys.isSuperset(of: same))
    #expect(keys.subtracting(same) == (try listed()))
  }

  /// Every key of a value, by its path: `panel.a`, `panel.a.b`, `panel.a[].b`.
  private func collect(_ value: JSON, _ path: String, _ keys: inout Set<String>) {
    switch value {
    case .object(let members):
      for (name, member) in members {
        keys.insert("\(path).\(name)")
        collect(member, "\(path).\(name)", &keys)
      }
    case .array(let values): for value in values { collect(value, path + "[]", &keys) }
    default: break
    }
  }

  private func listed() throws -> Set<String> {
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let bytes = try contentsOfFile("\(root)/Sources/PanelControl/Health/STATUS.md", limit: 1 << 20)
    let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter {
      $0.hasPrefix("| `panel.")
    }
    return Set(rows.map { $0.dropFirst(3).prefix { $0 != "`" } }.map(String.init))
  }
}
