import Testing

@testable import Touch

@Suite("Contacts that never go up")
struct StuckContactsTests {
  private func event(
    _ phase: TouchEvent.Phase, _ contact: Int32, at seconds: Double, x: Float = 100, y: Float = 100
  ) -> TouchEvent {
    TouchEvent(phase: phase, contact: contact, x: x, y: y, time: 1_000_000_000 + UInt64(seconds * 1e9))
  }

  private func lifted(_ stuck: inout StuckContacts, at seconds: Double) -> [TouchEvent] {
    var events: [TouchEvent] = []
    while let event = stuck.lifted(at: 1_000_000_000 + UInt64(seconds * 1e9)) { events.append(event) }
    return events
  }

  @Test("one that stays in its place for a minute is taken for lifted once, and ignored until it goes up")
  func drop() {
    var stuck = StuckContacts()
    let down = stuck.admits(event(.down, 1, at: 0), slack: 20)
    #expect(down && lifted(&stuck, at: 59.9).isEmpty && !stuck.isAny)
    // A drop trembles.
    for second in 1..<60 {
      let admitted = stuck.admits(event(.move, 1, at: Double(second), x: 100 + Float(second % 10)), slack: 20)
      #expect(admitted)
    }
    let told = lifted(&stuck, at: 60)
    #expect(told.map(\.contact) == [1] && told.first?.phase == .cancel && told.first?.cancellation == .stuck)
    #expect(told.first?.x == 109, "the place of its last move")
    #expect(lifted(&stuck, at: 200).isEmpty && stuck.isAny)
    let after = [event(.move, 1, at: 61), event(.move, 1, at: 62, x: 400), event(.up, 1, at: 63)].map {
      stuck.admits($0, slack: 20)
    }
    #expect(after == [false, false, false] && !stuck.isAny)
    let anew = stuck.admits(event(.down, 1, at: 64), slack: 20)
    #expect(anew)
  }

  @Test("a finger that draws for longer is none of them, nor one that is lifted in time")
  func finger() {
    var stuck = StuckContacts()
    _ = stuck.admits(event(.down, 1, at: 0), slack: 20)
    _ = stuck.admits(event(.down, 2, at: 0), slack: 20)
    for second in stride(from: 1.0, through: 200, by: 5) {
      let admitted = stuck.admits(event(.move, 1, at: second, x: Float(second) * 5), slack: 20)
      #expect(admitted)
      if second == 51 { _ = stuck.admits(event(.up, 2, at: second), slack: 20) }
      #expect(lifted(&stuck, at: second).isEmpty, "\(second)")
    }
    let hover = stuck.admits(event(.hover, 0, at: 300), slack: 20)
    #expect(hover)
  }

  @Test("several of them are told one after the other")
  func several() {
    var stuck = StuckContacts()
    for contact in 1...3 as ClosedRange<Int32> {
      _ = stuck.admits(event(.down, contact, at: Double(contact)), slack: 20)
    }
    #expect(lifted(&stuck, at: 62.5).map(\.contact) == [1, 2])
    #expect(lifted(&stuck, at: 63.5).map(\.contact) == [3])
  }
}
