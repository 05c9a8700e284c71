import Glibc
import Kernel
import Testing

@testable import Settings

@Suite("What was chosen at the panel")
struct OperatorChoicesTests {
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let name = try #require(strdup("/tmp/choices-XXXXXX"))
    defer { free(name) }
    try #require(mkdtemp(name) != nil)
    let path = String(cString: name)
    defer {
      unlink(OperatorChoices.path(spool: path))
      rmdir(path)
    }
    try body(path)
  }

  @Test("every choice comes back as it was")
  func roundTrip() throws {
    try withDirectory { spool in
      #expect(OperatorChoices.load(spool: spool).choices == OperatorChoices())
      #expect(OperatorChoices.load(spool: spool).problem == nil)
      var choices = OperatorChoices()
      choices.matrix = [0.98765, -0.0123, 0.1, 1e-5, -1.0000001, 1]
      choices.collecting = false
      choices.language = "uk"
      choices.brightness = 5
      choices.wrongPINs = 12
      try choices.save(spool: spool)
      #expect(OperatorChoices.load(spool: spool).choices == choices)
      try OperatorChoices().save(spool: spool)
      #expect(OperatorChoices.load(spool: spool).choices == OperatorChoices())
    }
  }

  @Test("however many wrong PINs a file tells of, another one can be counted")
  func manyWrongPINs() {
    let (choices, isWhole) = OperatorChoices.parse("wrong_pins \(Int.max)\n")
    #expect(isWhole)
    var tries = PINTries(wrong: choices.wrongPINs)
    tries.begin(at: 0)
    #expect(tries.lockedUntil == 600_000_000_000)
  }

  @Test("a line that cannot be read is told and leaves the configuration its word")
  func damaged() throws {
    for line in [
      "matrix 1 2 3", "matrix 1 1 0 1 1 0", "matrix nan 0 0 0 1 0", "collecting maybe", "language ../../etc",
      "brightness 0",
      "brightness 400", "wrong_pins -1", "frob 1", "\u{0}",
    ] {
      let (choices, isWhole) = OperatorChoices.parse("collecting no\n\(line)\n")
      #expect(!isWhole, "\(line)")
      #expect(choices.matrix == nil && choices.brightness == nil && choices.language == nil)
      #expect(choices.collecting == false)
    }
    try withDirectory { spool in
      try OutputFile.write([0xFF, 0xFE, 0x0A], to: OperatorChoices.path(spool: spool))
      #expect(OperatorChoices.load(spool: spool).problem?.contains("cannot be read") == true)
    }
  }

  @Test("a directory that is not there is an error with a next step, and leaves no litter")
  func cannotSave() throws {
    let error = #expect(throws: KernelError.self) { try OperatorChoices().save(spool: "/nonexistent/spool") }
    #expect(error?.description.contains("/nonexistent/spool/operator") == true)
    #expect(error?.nextStep != nil)
  }
}
