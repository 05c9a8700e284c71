import Testing

@testable import Touch

@Suite("One finger a stroke")
struct StrokeFilterTests {
  func event(_ phase: TouchEvent.Phase, _ contact: Int32) -> TouchEvent {
    TouchEvent(phase: phase, contact: contact, x: 0, y: 0, time: 0)
  }

  @Test("a second finger never joins the first's stroke")
  func second() {
    var filter = StrokeFilter()
    let told = [
      event(.down, 1), event(.down, 2), event(.move, 2), event(.move, 1), event(.up, 2), event(.up, 1),
      event(.down, 3),
    ].filter { filter.admits($0) }
    #expect(told.map(\.contact) == [1, 1, 1, 3])
    #expect(told.map(\.phase) == [.down, .move, .up, .down])
  }

  @Test("the others are ignored until all are up, also when the first is lifted before")
  func untilAllAreUp() {
    var filter = StrokeFilter()
    let told = [
      event(.down, 1), event(.down, 2), event(.up, 1), event(.down, 3), event(.move, 2), event(.up, 3),
      event(.up, 2),
      event(.down, 4),
    ].filter { filter.admits($0) }
    #expect(told.map(\.contact) == [1, 1, 4])
  }

  @Test("a cancelled contact leaves as a lifted one does")
  func cancelled() {
    var filter = StrokeFilter()
    let told = [event(.down, 1), event(.down, 2), event(.cancel, 2), event(.cancel, 1), event(.down, 3)]
      .filter { filter.admits($0) }
    #expect(told.map(\.phase) == [.down, .cancel, .down])
  }

  @Test("a released stroke lets nothing through until its finger is up")
  func released() {
    var filter = StrokeFilter()
    let begun = filter.admits(event(.down, 1))
    filter.release()
    let told = [
      event(.move, 1), event(.hover, 0), event(.up, 1), event(.hover, 0), event(.down, 2),
    ].map { filter.admits($0) }
    #expect(begun)
    #expect(told == [false, false, false, true, true])
  }

  @Test("the report rate is the median of the frame intervals while a finger moves")
  func rate() {
    var rate = ReportRate()
    var time: UInt64 = 0
    for stroke in 0..<5 {
      for frame in 0..<10 {
        rate.note(time, pressed: frame < 9)
        time += frame == 4 ? 90_000_000 : 10_000_000
      }
      #expect(stroke > 0 || rate.perSecond == 100)
      time += 3_000_000_000
    }
    #expect(rate.perSecond == 100)
    #expect(ReportRate().perSecond == nil)
  }
}
