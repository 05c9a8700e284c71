/// One contact as it was told to the panel: its number and where it was last.
struct ContactTrack: Equatable, Sendable {
  /// 0 while there is none in hand.
  private(set) var contact: Int32 = 0
  /// The contact was cancelled (or was there before us) and is not told again until it is up.
  private(set) var isIgnored = false
  private(set) var u: Float = 0
  private(set) var v: Float = 0
  private var size: Float = 0
  private var pointer = TouchEvent.Pointer.finger
  /// When a sudden jump to the device's origin came, which waits for the next frame to be believed.
  private var heldSince: UInt64?

  /// The part of the digitizer that no finger crosses between two frames.
  private static let leap: Float = 0.25

  mutating func down(
    u: Float, v: Float, size: Float, time: UInt64, pointer: TouchEvent.Pointer, _ stream: inout TouchStream
  ) {
    contact = stream.nextContact()
    isIgnored = false
    heldSince = nil
    (self.u, self.v, self.size, self.pointer) = (u, v, size, pointer)
    stream.append(.down, contact, u: u, v: v, size: size, time: time, pointer: pointer)
  }

  /// Moves the contact. `atOrigin`: both axes are at their minimum, where some single-touch and protocol A devices jump
  /// for a frame before they release (lvgl/lvgl#9829); such a jump is told only once the next frame has come near it.
  ///
  /// - Returns: false while the place is not believed.
  @discardableResult
  mutating func move(
    u: Float, v: Float, size: Float, time: UInt64, atOrigin: Bool, _ stream: inout TouchStream
  ) -> Bool {
    guard contact != 0 else { return true }
    if let since = heldSince {
      heldSince = nil
      if u < Self.leap && v < Self.leap {
        (self.u, self.v) = (0, 0)
        stream.append(.move, contact, u: 0, v: 0, size: self.size, time: since, pointer: pointer)
      } else {
        stream.counters.jumps += 1
      }
    }
    if atOrigin && (abs(self.u - u) > Self.leap || abs(self.v - v) > Self.leap) {
      heldSince = time
      return false
    }
    (self.u, self.v, self.size) = (u, v, size)
    stream.append(.move, contact, u: u, v: v, size: size, time: time, pointer: pointer)
    return true
  }

  /// Lifts the contact where it was last: whatever position comes with a release is not one of the finger.
  mutating func up(time: UInt64, _ stream: inout TouchStream) {
    if contact != 0 {
      if heldSince != nil { stream.counters.jumps += 1 }
      stream.append(.up, contact, u: u, v: v, size: size, time: time, pointer: pointer)
    }
    self = ContactTrack()
  }

  /// Takes the contact back; it is ignored until it is up.
  mutating func cancel(_ reason: TouchEvent.Cancellation, time: UInt64, _ stream: inout TouchStream) {
    if contact != 0 {
      stream.append(
        .cancel, contact, u: u, v: v, size: size, time: time, pointer: pointer, cancellation: reason)
      stream.counters.cancelled += 1
    }
    self = ContactTrack()
    isIgnored = true
  }

  /// Never tells this contact: it was on the glass before the device was opened, or is a palm.
  mutating func ignore() {
    isIgnored = true
  }
}
