import Testing

@testable import Panel

@Suite("The program's edges")
struct ProgramTests {
  @Test("options are read with a space or an equals sign")
  func options() throws {
    let options = try Options.parse([
      "--display", "headless:800x480", "--rotate=90", "--touch", "replay:a.evemu", "--spool=/tmp/s",
    ])
    #expect(options.display == "headless:800x480")
    #expect(options.rotate == "90")
    #expect(options.touch == "replay:a.evemu")
    #expect(options.spool == "/tmp/s")
    #expect(options.action == .run)
    #expect(try Options.parse(["--probe"]).action == .probe)
  }

  @Test(
    "wrong usage is one sentence that says where help is",
    arguments: [["--dispaly", "auto"], ["--rotate"], ["--probe=yes"], ["extra"]])
  func misuse(arguments: [String]) {
    let error = #expect(throws: Options.Misuse.self) { try Options.parse(arguments) }
    #expect(error?.description.contains("see panel --help") == true)
  }

  @Test("quantiles of a latency are those of the sorted list, rounded up to 10 us")
  func latency() {
    var record = LatencyRecord()
    #expect(record.quantile(0.5) == nil)
    for i in 1...100 { record.add(UInt64(i) * 9_000) }
    #expect(record.quantile(0.5) == 460)
    #expect(record.quantile(0.99) == 900)
    record.add(50_000_000)
    #expect(record.quantile(1) == 50_000)
    #expect(record.count == 101)
  }

  @Test(
    "no quantile exceeds the longest latency",
    arguments: [0, 3, 999, 10_000, 3_475_000, 19_999_999, 50_000_000])
  func latencyBound(longest: UInt64) throws {
    var record = LatencyRecord()
    for _ in 0..<9 { record.add(longest) }
    #expect(record.quantile(0.5) == Int(longest / 1000))
    #expect(record.quantile(0.99) == Int(longest / 1000))
  }

  @Test("thousands are grouped")
  func grouped() {
    #expect(BoothView.grouped(7) == "7")
    #expect(BoothView.grouped(12345) == "12\u{2009}345")
    #expect(BoothView.grouped(1_000_000) == "1\u{2009}000\u{2009}000")
  }
}
