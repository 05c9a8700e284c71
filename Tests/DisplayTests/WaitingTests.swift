import Glibc
import Kernel
import Testing

@testable import Display

@Suite("a screen that waits for its display")
struct WaitingTests {
  let request = DisplayRequest(
    kind: .fbdev(device: "/dev/fb-none"), mode: DisplayRequest.Mode(width: 800, height: 480))

  @Test("without a display a person is refused, and a service is dark with the reason")
  func dark() throws {
    let error = #expect(throws: KernelError.self) { _ = try Screen(request) { _ in } }
    let screen = try Screen(request, waits: true) { _ in }
    defer { screen.close() }
    #expect(screen.state == .dark(reason: try #require(error).description))
    #expect(screen.summary.hasPrefix("display: none yet, cannot find /dev/fb-none: there is no such device"))
    #expect((screen.width, screen.height) == (800, 480), "the size that is asked for")
    screen.show(screen.surface.bounds)
    screen.flip()
    #expect(screen.handleEvents().isEmpty)
  }

  @Test("a display that is found and cannot be taken is looked at again")
  func refusesToBeTaken() throws {
    let found = [
      // The card is not open any more when its connector is to be taken.
      Inspection(cards: [ChoiceTests.card(0, ChoiceTests.connector("HDMI-A-1"))]),
      Inspection(framebuffers: [try ChoiceTests.framebuffer(99, "fake")]),
    ]
    for inspection in found {
      let error = #expect(throws: KernelError.self) {
        _ = try Screen(DisplayRequest(), waits: false, log: { _ in }) { inspection }
      }
      let screen = try Screen(DisplayRequest(), waits: true, log: { _ in }) { inspection }
      defer { screen.close() }
      #expect(screen.state == .dark(reason: try #require(error).description))
      #expect(screen.summary.hasPrefix("display: none yet, cannot "))
      let due = try #require(screen.probeDeadline, "no event of the kernel would wake it")
      #expect(screen.armed == due, "the timer is set")
    }
  }

  @Test("it looks again and again until there is one, and says nothing while nothing changes")
  func looksAgain() throws {
    var lines: [String] = []
    let screen = try Screen(request, waits: true) { lines.append($0) }
    defer { screen.close() }
    lines.removeAll()
    let first = try #require(screen.probeDeadline)
    #expect(screen.armed == first, "the timer is set")
    for _ in 0..<3 {
      // As if the time were over.
      let now = MonotonicClock.now()
      screen.probeDeadline = now
      screen.setTimer()
      let end = now + 5_000_000_000
      while screen.probeDeadline.map({ $0 <= now }) ?? true, MonotonicClock.now() < end {
        var event = pollfd(fd: screen.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&event, 1, 1000)
        #expect(screen.handleEvents().isEmpty)
      }
      #expect(try #require(screen.probeDeadline) > now + Screen.patience / 2, "it has looked")
    }
    #expect(lines.isEmpty)
  }
}
