import Ink
import Settings
import Testing
import Touch

@testable import Panel

@Suite("Calibration at the panel")
struct CalibrationTests {
  /// Taps a cross on a digitizer that lies on the glass by `truth`, through no matrix, as the panel does meanwhile.
  private func tap(
    _ visit: inout OperatorVisit, cross: Int, _ truth: DigitizerMatrix, rotation: Rotation = .none,
    off: Float = 0
  ) {
    let bounds = visit.layout.bounds
    let bare = TouchGeometry(width: bounds.width, height: bounds.height, rotation: rotation)
    var wired = bare
    wired.matrix = truth
    let place = CalibrationScreen.cross(cross, in: bounds)
    let felt = wired.digitizer(x: place.x + off, y: place.y)
    let shown = bare.panel(u: felt.u, v: felt.v)
    visit.send(.down, shown.x - 1, shown.y + 1, contact: 50, after: 300)
    visit.send(.move, shown.x + 1, shown.y - 1, contact: 50)
    visit.send(.up, shown.x + 1, shown.y - 1, contact: 50, after: 60)
  }

  private func begin(_ visit: inout OperatorVisit) {
    visit.open()
    visit.requests = []
    visit.tap(.calibrate)
  }

  @Test(
    "four taps on a skewed digitizer, tried and kept, at every size and rotation",
    arguments: Rotation.allCases)
  func kept(rotation: Rotation) throws {
    let truth = try #require(DigitizerMatrix([0.04, -0.93, 0.96, 0.9, 0.05, 0.03]))
    for (width, height) in LayoutTests.sizes {
      var visit = OperatorVisit(width: width, height: height, rotation: rotation)
      begin(&visit)
      #expect(visit.requests == [.matrix(.bare)])
      for cross in 0..<4 {
        #expect(visit.calibration?.step == cross)
        tap(&visit, cross: cross, truth, rotation: rotation)
      }
      guard case .matrix(.trial(let found))? = visit.requests.last else {
        Issue.record("no matrix is tried at \(width)x\(height)")
        continue
      }
      var geometry = TouchGeometry(width: width, height: height, rotation: rotation, matrix: truth)
      let felt = geometry.digitizer(x: Float(width) * 0.4, y: Float(height) * 0.3)
      geometry.matrix = found
      let shown = geometry.panel(u: felt.u, v: felt.v)
      #expect(abs(shown.x - Float(width) * 0.4) < 1.5 && abs(shown.y - Float(height) * 0.3) < 1.5)
      #expect(visit.test?.isTrial == true)
      visit.requests = []
      visit.tap(.keep)
      #expect(visit.requests == [.matrix(.settled), .keep])
      #expect(
        visit.booth.desk.choices.matrix == [found.a, found.b, found.c, found.d, found.e, found.f])
      #expect(visit.menu != nil)
    }
  }

  @Test("a calibration that nobody keeps within 15 s, and one that is discarded, is taken back")
  func reverted() {
    for presses in [true, false] {
      var visit = OperatorVisit()
      begin(&visit)
      for cross in 0..<4 { tap(&visit, cross: cross, .swapped) }
      #expect(visit.test?.seconds == 15)
      visit.requests = []
      if presses { visit.tap(.discard) } else { visit.wait(seconds: 15) }
      #expect(visit.requests.first == .matrix(.settled))
      #expect(!visit.requests.contains(.keep))
      #expect(visit.booth.desk.choices.matrix == nil)
      #expect(visit.menu != nil)
    }
  }

  @Test("without a tap for 15 s all is as before")
  func abandoned() {
    var visit = OperatorVisit()
    begin(&visit)
    tap(&visit, cross: 0, .identity)
    visit.wait(seconds: 14)
    #expect(visit.calibration?.seconds == 1)
    visit.requests = []
    visit.wait(seconds: 1.5)
    #expect(visit.menu != nil)
    #expect(visit.requests.first == .matrix(.settled))
  }

  @Test("taps on a line and a tap beside its cross are refused; a tap anywhere begins anew")
  func refused() {
    var visit = OperatorVisit()
    begin(&visit)
    for _ in 0..<4 { tap(&visit, cross: 0, .identity) }
    #expect(visit.calibration?.refusal == .onALine)
    tap(&visit, cross: 3, .identity)
    #expect(visit.calibration?.refusal == nil && visit.calibration?.step == 0)
    for cross in 0..<4 { tap(&visit, cross: cross, .identity, off: cross == 2 ? -150 : 0) }
    #expect(visit.calibration?.refusal == .uneven)
    #expect(!visit.requests.contains { if case .matrix(.trial) = $0 { true } else { false } })
    visit.wait(seconds: 16)
    #expect(visit.requests.contains(.matrix(.settled)))
  }

  @Test("a finger that slides, a second finger, a cancelled contact and a mouse are no taps")
  func noTaps() {
    var visit = OperatorVisit()
    begin(&visit)
    visit.send(.down, 100, 60, contact: 60)
    visit.send(.move, 300, 60, contact: 60)
    visit.send(.up, 300, 60, contact: 60)
    visit.send(.down, 100, 60, contact: 61)
    visit.send(.cancel, 100, 60, contact: 61)
    #expect(visit.calibration?.step == 0)
    visit.send(.down, 100, 60, contact: 62)
    visit.send(.down, 400, 60, contact: 63)
    visit.send(.up, 400, 60, contact: 63)
    #expect(visit.calibration?.step == 0)
    visit.send(.up, 100, 60, contact: 62)
    #expect(visit.calibration?.step == 1)
    for phase in [TouchEvent.Phase.down, .up] {
      visit.visitor.now += 1_000_000
      _ = visit.visitor.booth.touch(
        TouchEvent(phase: phase, contact: 70, x: 700, y: 60, time: visit.visitor.now, pointer: .mouse))
    }
    #expect(visit.calibration?.step == 1)
  }
}
