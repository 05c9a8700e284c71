import Randomness
import Testing

@testable import Panel

@Suite("The heartbeat")
struct HeartbeatTests {
  private static let second: UInt64 = 1_000_000_000

  /// A watchdog's time of two seconds from second 10 on.
  private func heart() -> Heartbeat { Heartbeat(limit: 2 * Self.second, now: 10 * Self.second) }

  @Test("the watchdog is fed twice in its time, and not before every part has answered")
  func whole() {
    var heart = heart()
    #expect(heart.deadline == 11 * Self.second)
    #expect(!heart.isDue(at: 11 * Self.second - 1) && heart.isDue(at: 11 * Self.second))
    heart.note(.touch, alive: 1)
    heart.note(.drawing, alive: 1)
    #expect(!heart.isWhole)
    heart.note(.store, alive: 1)
    #expect(heart.isWhole)
    heart.fed(at: 11 * Self.second)
    #expect(heart.round == 2 && !heart.isWhole && heart.deadline == 12 * Self.second)
  }

  @Test("one part that does not answer starves the watchdog", arguments: Heartbeat.Part.allCases)
  func hung(part: Heartbeat.Part) {
    var heart = heart()
    for other in Heartbeat.Part.allCases where other != part { heart.note(other, alive: 1) }
    #expect(!heart.isWhole)
    #expect(heart.unfed(at: 11 * Self.second) == [part])
    #expect(heart.deadline == 11 * Self.second + Self.second / 8, "it is looked for again soon")
    #expect(heart.unfed(at: heart.deadline) == nil, "and told once")
    heart.note(part, alive: 1)
    #expect(heart.isWhole, "an answer that comes late counts")
  }

  @Test("an answer to an earlier round is no sign of life")
  func stale() {
    var heart = heart()
    for part in Heartbeat.Part.allCases { heart.note(part, alive: 1) }
    heart.fed(at: 11 * Self.second)
    for part in Heartbeat.Part.allCases { heart.note(part, alive: 1) }
    #expect(!heart.isWhole)
    for part in Heartbeat.Part.allCases { heart.note(part, alive: 2) }
    #expect(heart.isWhole)
  }

  @Test("a message that the service manager does not take is sent again")
  func deaf() {
    var heart = heart()
    for part in Heartbeat.Part.allCases { heart.note(part, alive: 1) }
    #expect(heart.unfed(at: 11 * Self.second) == [])
    #expect(heart.isWhole && heart.round == 1)
  }

  /// Plays a store that is busy for a while now and then, and looks when the watchdog was fed.
  ///
  /// - Parameters:
  ///   - busy: seconds that each of its calls takes.
  ///   - hang: when it hangs for good, in seconds; nil for never.
  /// - Returns: the longest time without food, or with `hang` the time from it to the watchdog's end; in seconds.
  private func play(busy: Double, hang: Double? = nil, seed: UInt64) -> Double {
    var random = SplitMix64(seed: seed)
    let (second, limit) = (Double(Self.second), 2.0)
    var heart = Heartbeat(limit: UInt64(limit * second), now: 0)
    var (now, fed, worst) = (0.0, 0.0, 0.0)
    var asked = 0.0
    // The store's calls: each begins somewhere, and what is asked meanwhile is answered at its end.
    var calls: [(begin: Double, end: Double)] = []
    var at = Double.random(in: 0..<3, using: &random)
    while at < 60 {
      calls.append((at, at + busy))
      at += busy + Double.random(in: 0.1..<4, using: &random)
    }
    func answer(to asked: Double) -> Double {
      calls.first { $0.begin <= asked && asked < $0.end }?.end ?? asked
    }
    while now < 60 {
      now = Double(heart.deadline) / second
      heart.note(.touch, alive: heart.round)
      heart.note(.drawing, alive: heart.round)
      let comes = answer(to: asked)
      if comes <= now, hang.map({ comes < $0 }) ?? true { heart.note(.store, alive: heart.round) }
      if heart.isWhole {
        worst = max(worst, now - fed)
        fed = now
        heart.fed(at: heart.deadline)
        asked = now
      } else {
        _ = heart.unfed(at: heart.deadline)
        if now - fed > limit { break }
      }
    }
    return hang.map { fed + limit - $0 } ?? worst
  }

  @Test(
    "a disk that takes four fifths of the watchdog's time is not taken for hung, wherever its calls begin")
  func slow() {
    for seed in 0..<200 as Range<UInt64> {
      let worst = play(busy: 1.6, seed: seed)
      #expect(worst < 2, "seed \(seed): \(worst) s without food")
    }
  }

  @Test("a store that hangs ends the program within one and a half times the watchdog's time")
  func hangs() {
    var longest = 0.0
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let took = play(busy: 0.01, hang: Double.random(in: 5..<20, using: &random), seed: seed)
      longest = max(longest, took)
      #expect(took > 0 && took <= 3, "seed \(seed): \(took) s")
    }
    #expect(longest > 2.5, "the bound is near what comes")
  }
}

@Suite("The line for the service manager")
struct VitalsTests {
  @Test("it says what stands there and what was done")
  func line() {
    var vitals = Vitals()
    vitals.stand(before: "attract", isVisitor: true)
    #expect(vitals.line == "STATUS=attract; 0 visits and 0 drawings since the start")
    vitals.stand(before: "consent", isVisitor: true)
    vitals.stand(before: "challenge", isVisitor: true)
    vitals.stored = 3
    vitals.total = 40
    #expect(vitals.line == "STATUS=challenge; 1 visit and 3 drawings since the start, 40 in the store")
    vitals.problem = "no touch device"
    #expect(vitals.line.hasPrefix("STATUS=no touch device; challenge; "))
  }

  @Test("the operator is no visitor, and who goes on after a question is no new one")
  func visits() {
    var vitals = Vitals()
    vitals.stand(before: "attract", isVisitor: true)
    vitals.stand(before: "operator PIN", isVisitor: false)
    vitals.stand(before: "attract", isVisitor: true)
    #expect(vitals.visits == 0)
    for screen in ["consent", "challenge", "still there", "challenge", "attract", "consent"] {
      vitals.stand(before: screen, isVisitor: true)
    }
    #expect(vitals.visits == 2)
  }
}
