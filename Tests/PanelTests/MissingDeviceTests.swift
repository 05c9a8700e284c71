import Glibc
import Kernel
import Testing

/// The whole program where a device is missing: it tells of it and goes on, and ends only where a person waits for it.
@Suite("A panel without its devices", .timeLimit(.minutes(1)))
struct MissingDeviceTests {
  private let directory = ScratchDirectory()

  init() { mkdir(directory.path, 0o700) }

  private func start(_ arguments: String..., service: Bool = false) throws -> ProgramChild {
    let notify = "@panel-test-\(getpid())-\(directory.path.suffix(6))"
    return try ProgramChild(
      "panel", ["--spool", directory.path] + arguments,
      environment: service ? ["NOTIFY_SOCKET": notify] : [:], errors: directory.path + "/errors")
  }

  /// What it said on standard error, a line each.
  private func said() throws -> [Substring] {
    let bytes = try contentsOfFile(directory.path + "/errors", limit: 1 << 20)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// What the running panel tells of itself, as soon as it answers.
  private func report() throws -> String {
    let end = MonotonicClock.now() + 30_000_000_000
    while true {
      do {
        let socket = try UnixSocket.connect(to: directory.path + "/control", timeout: 5)
        try socket.send(Array("status\n".utf8))
        if let answer = try socket.receive(limit: 1 << 16) { return String(decoding: answer, as: UTF8.self) }
      } catch {
        if MonotonicClock.now() > end { throw error }
        usleep(10_000)
      }
    }
  }

  @Test("a touch device that is named and not there is told of, and the panel runs")
  func touch() throws {
    let device = directory.path + "/event3"
    let panel = try start("--display", "headless:480x320", "--touch", device)
    let report = try report()
    #expect(report.contains(#""touch":[]"#))
    let sentence = "no touch device; \(device): not taken, no such file or directory"
    #expect(report.contains(sentence), "\(report)")
    panel.terminate()
    #expect(panel.status() == 0)
    #expect(try said().count { $0.contains(sentence) } == 1, "it is told once")
  }

  @Test(
    "a word or a path that no touch device can have is wrong usage",
    arguments: ["", "event3", "/dev", "/etc/passwd"])
  func wrongTouch(word: String) throws {
    let panel = try start("--display", "headless:480x320", "--touch", word)
    #expect(panel.status() == 2)
    #expect(try said().count == 1)
  }

  @Test(
    "a touch device that the configuration names and that can be none is told by its line, and the panel runs",
    arguments: ["replay:/nowhere", "replay:/etc/passwd", "/etc/passwd"])
  func configuredTouch(value: String) throws {
    let config = directory.path + "/panel.ini"
    let file = try FileDescriptor.open(config, O_WRONLY | O_CREAT)
    try file.writeAll(Array("[touch]\ndevice = \(value)\n".utf8), to: config)
    let panel = try start("--display", "headless:480x320", "--config", config)
    let report = try report()
    #expect(report.contains("panel.ini line 2: cannot ") && report.contains("auto is used"), "\(report)")
    #expect(!report.contains(#""first_picture_ns":null"#))
    panel.terminate()
    #expect(panel.status() == 0)
    #expect(try said().count { $0.contains("panel.ini line 2") } == 1)
  }

  @Test("a recording that an option names and that cannot be read ends the program")
  func missingRecording() throws {
    let panel = try start("--display", "headless:480x320", "--touch", "replay:/nowhere")
    #expect(panel.status() == 1)
    #expect(
      try said().last
        == "panel: cannot open /nowhere: no such file or directory; name a recording in evemu's format")
  }

  @Test("a service goes on dark without a display, and says so")
  func dark() throws {
    let panel = try start("--display", "fbdev:/dev/fb-none", service: true)
    let report = try report()
    #expect(report.contains(#""display_state":"dark""#))
    #expect(
      report.contains("display: dark, cannot find /dev/fb-none: there is no such device; load the driver"))
    panel.terminate()
    #expect(panel.status() == 0)
  }

  @Test("a person who starts a panel without a display is told at once")
  func refused() throws {
    let panel = try start("--display", "fbdev:/dev/fb-none")
    #expect(panel.status() == 1)
    #expect(
      try said() == [
        "panel: cannot find /dev/fb-none: there is no such device; load the driver of the display"
      ])
  }
}
