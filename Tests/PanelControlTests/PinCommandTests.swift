import Glibc
import Kernel
import Settings
import Testing

@testable import PanelControl

@Suite("panelctl pin")
struct PinCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func pipe(_ text: String) throws -> ProgramRun {
    try ProgramRun(["pin"], input: try directory.write(text, to: "input"), in: directory)
  }

  /// The settings that the printed line gives under [operator].
  private func settings(_ output: String) -> SettingsFile {
    SettingsFile(path: "panel.ini", bytes: Array("[operator]\n\(output)".utf8))
  }

  @Test("a PIN from a pipe becomes one line that the configuration takes")
  func piped() throws {
    for text in ["4711", "4711\n", "4711\r\nmore\n"] {
      let run = try pipe(text)
      #expect(run.status == 0, "\(run.complaint)")
      #expect(run.complaint == "")
      #expect(run.output.hasPrefix("pin = $y$"))
      #expect(run.output.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
      let file = settings(run.output)
      #expect(file.findings == [])
      #expect(file.settings.pin?.matches("4711") == true)
      #expect(file.settings.pin?.matches("4712") == false)
    }
  }

  @Test(
    "a weak PIN, and none, print no line but the reason",
    arguments: ["1234", "0000", "471", "47a1", "", "\n", "1984"])
  func refused(pin: String) throws {
    let run = try pipe(pin)
    #expect(run.status == 1)
    #expect(run.output == "")
    #expect(run.complaint.hasPrefix("panelctl: "))
    #expect(!run.complaint.contains("1234") && !run.complaint.contains("1984"), "it shows the PIN")
  }

  /// Types lines into a new terminal, each after the program has asked once more.
  private func type(_ lines: [String]) throws -> (run: ProgramRun, echo: String) {
    let master = FileDescriptor(owning: posix_openpt(O_RDWR | O_NOCTTY))
    try #require(master.raw >= 0 && grantpt(master.raw) == 0 && unlockpt(master.raw) == 0)
    let terminal = String(cString: try #require(ptsname(master.raw)))
    let (raw, questions) = (master.raw, directory.path("stderr"))
    // What an earlier run asked is no question of this one: typed before the terminal is silent, Ctrl-C would be gone.
    unlink(questions)
    try Thread.start(name: "typist") {
      for (number, line) in lines.enumerated() {
        for _ in 0..<2000 {
          let told = (try? contentsOfFile(questions, limit: 4096)) ?? []
          if told.count(where: { $0 == UInt8(ascii: ":") }) > number { break }
          usleep(5000)
        }
        _ = write(raw, line, line.utf8.count)
      }
    }
    // Kept open here: with its last reader a terminal goes.
    let held = try FileDescriptor.open(terminal, O_RDWR | O_NOCTTY)
    let run = try ProgramRun(["pin"], input: terminal, in: directory)
    var attributes = termios()
    #expect(tcgetattr(held.raw, &attributes) == 0)
    #expect(attributes.c_lflag & tcflag_t(ECHO) != 0, "the terminal stays silent")
    var buffer = [UInt8](repeating: 0, count: 4096)
    _ = fcntl(raw, F_SETFL, O_NONBLOCK)
    let n = max(0, read(raw, &buffer, buffer.count))
    return (run, String(decoding: buffer[..<n], as: UTF8.self))
  }

  @Test("at a terminal it asks twice, shows nothing, and says where the line goes")
  func typed() throws {
    let (run, echo) = try type(["48\u{7F}711\r", "4711\r"])
    #expect(run.status == 0, "\(run.complaint)")
    #expect(settings(run.output).settings.pin?.matches("4711") == true)
    #expect(run.complaint.contains("put this line under [operator] in /etc/panel/panel.ini"))
    #expect(!echo.contains("4"), "the terminal showed \(echo)")
  }

  @Test("two PINs that differ, and Ctrl-C, print no line and give the terminal back")
  func differing() throws {
    let (run, _) = try type(["4711\r", "4712\r"])
    #expect(run.status == 1 && run.output == "")
    #expect(run.complaint.contains("not the same"))
    let (broken, _) = try type(["47\u{3}"])
    #expect(broken.status == 1 && broken.output == "")
    #expect(broken.complaint.contains("broken off"))
  }
}
