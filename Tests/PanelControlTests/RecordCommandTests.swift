import Glibc
import Testing

@Suite("panelctl record")
struct RecordCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func record(_ arguments: [String]) throws -> ProgramRun {
    try ProgramRun(["record", directory.path("a.evemu"), "--seconds", "1"] + arguments, in: directory)
  }

  @Test(
    "what is no input device is one sentence, and no file is made",
    arguments: ["/dev/null", "/nonexistent", "/tmp"])
  func noDevice(path: String) throws {
    let run = try record(["--device", path])
    #expect(run.status == 1)
    #expect(run.complaint.hasPrefix("panelctl: cannot ") && run.complaint.contains(path))
    #expect(run.complaint.split(separator: "\n").count == 1, "\(run.complaint)")
    #expect(run.output == "")
    #expect(access(directory.path("a.evemu"), F_OK) != 0)
  }

  @Test("the device that the configuration names is recorded")
  func configured() throws {
    let file = try directory.write("[touch]\ndevice = /dev/input/event999\n", to: "panel.ini")
    let run = try record(["--config", file])
    #expect(run.status == 1)
    #expect(run.complaint.contains("/dev/input/event999"))
  }

  @Test("a wrong number of seconds ends with 2", arguments: ["0", "-5", "x", "86401"])
  func wrongSeconds(text: String) throws {
    let run = try ProgramRun(["record", "a", "--seconds", text], in: directory)
    #expect(run.status == 2)
    #expect(run.complaint.contains("--seconds"))
  }
}
