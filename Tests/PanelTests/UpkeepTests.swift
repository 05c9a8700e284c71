import Glibc
import Kernel
import Settings
import Spool
import Testing

@testable import Panel

@Suite("What the operator asks of the machine")
struct UpkeepTests {
  private let scratch = ScratchDirectory()

  init() throws { try #require(mkdir(scratch.path, 0o755) == 0) }

  /// Gives jobs, and waits until so many answers are there or two seconds have passed.
  private func answers(_ upkeep: Upkeep, _ jobs: [Upkeep.Job], count: Int) throws -> [Upkeep.Answer] {
    for job in jobs { upkeep.give(job) }
    let poll = try Poll()
    try poll.add(upkeep.answered.raw, tag: 0)
    var all: [Upkeep.Answer] = []
    var some: [Upkeep.Answer] = []
    let end = MonotonicClock.now() + 10_000_000_000
    while all.count < count, MonotonicClock.now() < end {
      try poll.wait(timeout: 200) { _, _ in }
      upkeep.takeAnswers(into: &some)
      all += some
      some.removeAll()
    }
    return all
  }

  @Test("a PIN is looked at beside the main loop, and the try is on the disk before the answer")
  func checking() throws {
    let upkeep = try Upkeep(pin: PINHash(of: "4711"), spool: scratch.path)
    var choices = OperatorChoices()
    choices.wrongPINs = 2
    let began = MonotonicClock.now()
    upkeep.give(.check("4712", choices))
    let given = MonotonicClock.now() - began
    let wrong = try answers(upkeep, [], count: 1)
    let took = MonotonicClock.now() - began
    #expect(given < took)
    guard case .verdict(false)? = wrong.first else {
      Issue.record("\(wrong)")
      return
    }
    #expect(OperatorChoices.load(spool: scratch.path).choices.wrongPINs == 2)
    choices.wrongPINs = 0
    let right = try answers(upkeep, [.check("4711", choices)], count: 1)
    guard case .verdict(true)? = right.first else {
      Issue.record("\(right)")
      return
    }
  }

  @Test("without a PIN no entry is right")
  func noPIN() throws {
    let upkeep = try Upkeep(pin: nil, spool: scratch.path)
    guard case .verdict(false)? = try answers(upkeep, [.check("", OperatorChoices())], count: 1).first else {
      Issue.record("an entry was right")
      return
    }
  }

  @Test("a disk that refuses is told and does not keep the operator out")
  func refusingDisk() throws {
    let upkeep = try Upkeep(pin: PINHash(of: "4711"), spool: "/nonexistent/spool")
    let told = try answers(upkeep, [.check("4711", OperatorChoices())], count: 2)
    guard told.count == 2, case .failed(let sentence) = told[0], case .verdict(true) = told[1] else {
      Issue.record("\(told)")
      return
    }
    #expect(sentence.contains("/nonexistent/spool/operator"))
  }

  @Test("it reads the store's numbers, and says what is wrong where there is none")
  func looking() throws {
    let missing = try Upkeep(pin: nil, spool: "/nonexistent/spool", backlights: "/nonexistent")
    guard case .looked(let nothing)? = try answers(missing, [.look], count: 1).first else {
      Issue.record("nothing was looked at")
      return
    }
    #expect(nothing.problem?.contains("/nonexistent/spool") == true)
    #expect(nothing.statistics == nil && nothing.brightness == nil)
    #expect(nothing.clock.hasPrefix("20"))
    _ = try Store.open(directory: scratch.path)
    let upkeep = try Upkeep(pin: nil, spool: scratch.path, backlights: "/nonexistent")
    guard case .looked(let looked)? = try answers(upkeep, [.look], count: 1).first else {
      Issue.record("nothing was looked at")
      return
    }
    #expect(looked.problem == nil)
    #expect(looked.statistics?.samples == 0 && (looked.statistics?.freeBytes ?? 0) > 0)
  }

  @Test("a command that may not, or is not there, gives its complaint and a next step")
  func commands() throws {
    let refused = try PowerSwitch.run(["sh", "-c", "echo no right >&2; exit 3"], "shut", "the machine down")
    #expect(refused.code == 3 && refused.complaint == "no right")
    // The panel ignores it; who is started is not to inherit that.
    signal(SIGPIPE, SIG_IGN)
    let broken = try PowerSwitch.run(["sh", "-c", "kill -PIPE $$; exit 0"], "shut", "the machine down")
    #expect(broken.code == 128 + SIGPIPE)
    let fine = try PowerSwitch.run(["true"], "shut", "the machine down")
    #expect(fine.code == 0 && fine.complaint == "")
    // All signals are blocked in the upkeep's thread, but not in what it starts.
    let ended = try PowerSwitch.run(["sh", "-c", "kill -TERM $$"], "shut", "the machine down")
    #expect(ended.code == 128 + SIGTERM)
    let error = #expect(throws: KernelError.self) {
      try PowerSwitch.run(["no-such-command-here"], "shut", "the machine down")
    }
    #expect(error?.description.contains("pull the plug") == true)
  }

  @Test("the line of the log is told on the screen without what was not taken")
  func brief() {
    #expect(MainLoop.brief("display: HDMI-A-1 of /dev/dri/card1; not eDP-1") == "HDMI-A-1 of /dev/dri/card1")
    #expect(MainLoop.brief("headless") == "headless")
  }
}
