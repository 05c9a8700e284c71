import FoundationEssentials
import Glibc
import Kernel
import Recognizer
import Testing

@testable import PanelControl

@Suite("panelctl bench")
struct BenchCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private struct Times: Decodable { let p50, p99, max: Double }

  private func isOrdered(_ times: Times) -> Bool {
    times.p50 > 0 && times.p50 <= times.p99 && times.p99 <= times.max
  }

  @Test("ink: each canvas scale has its times")
  func ink() throws {
    struct Report: Decodable {
      struct Scale: Decodable { let canvas_scale: Int; let event_us: Times }
      let schema, events: Int
      let scales: [Scale]
    }
    let run = try ProgramRun(["bench", "ink", "--json", "--events", "700"], in: directory)
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    #expect(run.status == 0 && report.schema == 1 && report.events == 700)
    #expect(report.scales.map(\.canvas_scale) == [1, 2, 3])
    #expect(report.scales.allSatisfy { isOrdered($0.event_us) })
    let text = try ProgramRun(["bench", "ink", "--events", "300"], in: directory)
    #expect(text.output.split(separator: "\n").count == 3 && text.output.hasPrefix("canvas_scale 1: p50 "))
  }

  @Test("inference: every kernel set of this processor has its times")
  func inference() throws {
    struct Quantiles: Decodable { let p50, p99: Int }
    struct Report: Decodable {
      struct Kernels: Decodable { let name: String; let inference_ns, canvas_to_reading_ns: Quantiles }
      let schema, runs, multiplications: Int
      let model: String
      let kernels: [Kernels]
    }
    let run = try ProgramRun(["bench", "inference", "--json", "--runs", "3"], in: directory)
    #expect(run.status == 0, "\(run.complaint)")
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    #expect(report.schema == 1 && report.runs == 3 && report.multiplications > 0 && !report.model.isEmpty)
    #expect(report.kernels.map(\.name) == KernelSet.available.map(\.rawValue))
    #expect(
      report.kernels.allSatisfy { $0.inference_ns.p50 > 0 && $0.inference_ns.p50 <= $0.inference_ns.p99 })
    let text = try ProgramRun(["bench", "inference", "--runs", "1"], in: directory)
    #expect(text.output.split(separator: "\n").count == 2 + report.kernels.count)
  }

  @Test("spool: interrupted, it takes its store away; and that of one that was killed")
  func interruptedSpool() throws {
    let spool = try directory.makeDirectory("spool")
    let left = try directory.makeDirectory("spool/.bench-2147483647")
    try directory.write("what is left", to: "spool/.bench-2147483647/panel.db")
    let running = try directory.makeDirectory("spool/.bench-\(getpid())")
    let child = try ChildProgram.start(
      [try BuiltProgram.path("panelctl"), "bench", "spool", "--rounds", "100000", "--spool", spool]
    ) { actions in
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 2, directory.path("complaint"), O_WRONLY | O_CREAT, 0o600)
    }
    let end = MonotonicClock.now() + 60_000_000_000
    while access("\(spool)/.bench-\(child)/panel.db", F_OK) != 0, MonotonicClock.now() < end { usleep(1000) }
    kill(child, SIGINT)
    #expect(ChildProgram.wait(for: child) == 1)
    let complaint = String(
      decoding: try contentsOfFile(directory.path("complaint"), limit: 4096), as: UTF8.self)
    #expect(complaint.hasSuffix("interrupted\n"), "\(complaint)")
    #expect(access(left, F_OK) != 0 && access(running, F_OK) == 0)
    #expect(try Directory.names(at: spool) == [".bench-\(getpid())"])
  }

  @Test("spool: a drawing beside a bare fdatasync, and nothing is left behind")
  func spool() throws {
    struct Report: Decodable {
      let schema, rounds, record_bytes: Int
      let ratio: Double
      let sample_us, fdatasync_us, checkpoint_us, board_us: Times
    }
    let spool = directory.path("spool")
    let run = try ProgramRun(["bench", "spool", "--json", "--rounds", "40", "--spool", spool], in: directory)
    #expect(run.status == 0, "\(run.complaint)")
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    #expect(report.schema == 1 && report.rounds == 40 && report.record_bytes > 1000 && report.ratio > 0)
    #expect(
      [report.sample_us, report.fdatasync_us, report.checkpoint_us, report.board_us].allSatisfy(isOrdered))
    #expect(access(spool, F_OK) != 0)
    let text = try ProgramRun(["bench", "spool", "--rounds", "1", "--spool", directory.root], in: directory)
    #expect(text.status == 0 && text.output.contains("a durable drawing costs "), "\(text.complaint)")
    let unwritable = try ProgramRun(
      ["bench", "spool", "--rounds", "1", "--spool", "/proc/none"], in: directory)
    #expect(unwritable.status == 1)
    #expect(
      unwritable.complaint.hasPrefix("panelctl: cannot ")
        && unwritable.complaint.split(separator: "\n").count == 1)
  }

  @Test("quantiles are of the measured times, whatever their order and number")
  func quantiles() {
    let hundred = BenchTimes((1...100).map { UInt64(101 - $0) })
    #expect(hundred == BenchTimes(p50: 50, p99: 99, max: 100))
    #expect(BenchTimes([7]) == BenchTimes(p50: 7, p99: 7, max: 7))
    #expect(BenchTimes([2, 1]) == BenchTimes(p50: 1, p99: 2, max: 2))
    #expect(BenchTimes([]) == BenchTimes(p50: 0, p99: 0, max: 0))
    #expect(
      BenchTimes(p50: 1500, p99: 20_000, max: 1_234_567).words == "p50 1.5 us, p99 20.0 us, max 1234.6 us")
  }
}
