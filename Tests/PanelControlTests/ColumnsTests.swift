import Testing

@testable import PanelControl

@Suite("Numbers for people")
struct ColumnsTests {
  @Test("bytes in the units that disks are sold in")
  func bytes() {
    #expect(Columns.bytes(0) == "0 bytes")
    #expect(Columns.bytes(999) == "999 bytes")
    #expect(Columns.bytes(1000) == "1.0 kB")
    #expect(Columns.bytes(999_950) == "1.0 MB")
    #expect(Columns.bytes(12_345_678_901) == "12.3 GB")
    #expect(Columns.bytes(Int64.max) == "9223372.0 TB")
  }

  @Test("durations by their two largest units")
  func durations() {
    #expect(
      [0, 8, 63, 7500, 273_600].map { Columns.duration(seconds: $0) } == [
        "0 s", "8 s", "1 min 3 s", "2 h 5 min", "3 d 4 h",
      ])
  }

  @Test("a probability is 100 % or 0 % only when it is certain")
  func percent() {
    #expect(
      [0, 1, 32_768, 65_535, 65_536].map { Columns.percent($0) } == [
        "0.0 %", "0.1 %", "50.0 %", "99.9 %", "100.0 %",
      ])
  }

  @Test("times are UTC, also before 1970, and none that no calendar has")
  func times() {
    #expect(Columns.time(0) == "1970-01-01T00:00:00Z")
    #expect(Columns.time(-1) == "1969-12-31T23:59:59Z")
    #expect(Columns.time(1_709_251_199_999) == "2024-02-29T23:59:59Z")
    #expect(Columns.time(Int64.max) == nil)
    #expect(Columns.time(Int64.min) == nil)
  }

  @Test("columns align")
  func columns() {
    #expect(Columns.right(7, 4) == "   7" && Columns.right(12_345, 4) == "12345")
    #expect(Columns.left("ink", 5) == "ink  " && Columns.left("display", 5) == "display")
    #expect([0.04, 0.05, 98.44, -2.31].map { Columns.tenths($0) } == ["0.0", "0.1", "98.4", "-2.3"])
  }
}
