import Glibc
import Ink
import Kernel
import Synchronization
import Testing

@testable import Display

@Suite("telling a driver what changed")
struct FlusherTests {
  /// A driver that answers as it is told to, and then takes all.
  private final class Driver: Sendable {
    struct Told: Equatable {
      var rect: PixelRect
      var framebuffer: UInt32
    }
    private let state: Mutex<(answers: [Int32], told: [Told])>

    init(_ answers: [Int32]) { state = Mutex((answers, [])) }

    func take(_ rect: PixelRect, _ framebuffer: UInt32) -> Int32 {
      state.withLock { state in
        state.told.append(Told(rect: rect, framebuffer: framebuffer))
        return state.answers.isEmpty ? 0 : state.answers.removeFirst()
      }
    }

    /// What it was told, as soon as that is so much or 10 s are over.
    func told(_ count: Int) -> [Told] {
      let deadline = MonotonicClock.now() + 10_000_000_000
      while MonotonicClock.now() < deadline {
        let told = state.withLock { $0.told }
        if told.count >= count { return told }
        usleep(1000)
      }
      return state.withLock { $0.told }
    }
  }

  private let first = PixelRect(x: 10, y: 10, width: 5, height: 5)
  private let second = PixelRect(x: 100, y: 20, width: 5, height: 5)

  private func flusher(_ driver: Driver) throws -> Flusher {
    try Flusher(send: { driver.take($0, $1) }, tell: {})
  }

  @Test("what a driver cannot take now is told again, with what changed meanwhile")
  func again() throws {
    for code in [ENOMEM, EBUSY, EINTR] {
      let driver = Driver([code])
      let flusher = try flusher(driver)
      defer { flusher.stop() }
      flusher.damage(first, of: 1)
      #expect(driver.told(2) == [.init(rect: first, framebuffer: 1), .init(rect: first, framebuffer: 1)])
      flusher.damage(second, of: 1)
      #expect(driver.told(3).last == .init(rect: second, framebuffer: 1), "what was taken is not told again")
      #expect(flusher.takeFault() == 0)
    }
  }

  @Test("a driver that has taken damage is not given up for an error; one that takes none is")
  func unsupported() throws {
    for code in [EINVAL, ENOSYS, EOPNOTSUPP] {
      let driver = Driver([0, code])
      let flusher = try flusher(driver)
      defer { flusher.stop() }
      flusher.damage(first, of: 1)
      #expect(driver.told(1).count == 1)
      flusher.damage(second, of: 1)
      #expect(driver.told(3).map(\.rect) == [first, second, second])

      let none = Driver([code])
      let useless = try self.flusher(none)
      useless.damage(first, of: 1)
      #expect(none.told(1).count == 1)
      let deadline = MonotonicClock.now() + 10_000_000_000
      while !useless.isAlive(in: 1_000_000), MonotonicClock.now() < deadline { usleep(1000) }
      useless.damage(second, of: 1)
      usleep(60_000)
      #expect(none.told(1).count == 1, "its thread has ended")
    }
  }

  @Test("damage that a driver never takes is told for a second and no longer")
  func never() throws {
    let driver = Driver([Int32](repeating: ENOMEM, count: Flusher.tries))
    let flusher = try flusher(driver)
    defer { flusher.stop() }
    flusher.damage(first, of: 1)
    #expect(driver.told(Flusher.tries).count == Flusher.tries)
    usleep(100_000)
    #expect(driver.told(0).count == Flusher.tries)
    flusher.damage(second, of: 1)
    #expect(driver.told(Flusher.tries + 1).last?.rect == second)
  }

  @Test("damage of a framebuffer that is gone is dropped")
  func gone() throws {
    let driver = Driver([ENOENT])
    let flusher = try flusher(driver)
    defer { flusher.stop() }
    flusher.damage(first, of: 1)
    #expect(driver.told(1).count == 1)
    flusher.damage(second, of: 2)
    #expect(driver.told(2).last == .init(rect: second, framebuffer: 2))
    usleep(60_000)
    #expect(driver.told(0).count == 2)
  }
}

@Suite("the events of a card")
struct CardEventTests {
  /// An event as the kernel lays it out (drm.h): its type, its length, and the rest.
  private func event(_ type: UInt32, length: Int = 32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    withUnsafeBytes(of: type.littleEndian) { bytes.replaceSubrange(0..<4, with: $0) }
    withUnsafeBytes(of: UInt32(length).littleEndian) { bytes.replaceSubrange(4..<8, with: $0) }
    return bytes
  }

  @Test("all of them are taken, so that nothing is readable any more")
  func taken() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe2(&ends, Int32(O_CLOEXEC) | O_NONBLOCK) == 0)
    let reader = FileDescriptor(owning: ends[0])
    let writer = FileDescriptor(owning: ends[1])
    #expect(!DRMCard.readEvents(from: reader.raw))
    // DRM_EVENT_CRTC_SEQUENCE is none of ours; DRM_EVENT_VBLANK and DRM_EVENT_FLIP_COMPLETE are.
    for (types, isOurs) in [([3], false), ([1], true), ([2], true), ([3, 2, 3], true)] as [([UInt32], Bool)] {
      for _ in 0..<50 { try writer.writeAll(types.flatMap { event($0) }, to: "events") }
      #expect(DRMCard.readEvents(from: reader.raw) == isOurs, "\(types)")
      var ready = pollfd(fd: reader.raw, events: Int16(POLLIN), revents: 0)
      #expect(poll(&ready, 1, 0) == 0)
    }
    // What is cut short is no event, and no reason to read on for ever.
    try writer.writeAll([2, 0, 0, 0] as [UInt8], to: "events")
    #expect(!DRMCard.readEvents(from: reader.raw))
    try writer.writeAll([3, 0, 0, 0, 0, 0, 0, 0] as [UInt8], to: "events")
    #expect(!DRMCard.readEvents(from: reader.raw))
  }
}
