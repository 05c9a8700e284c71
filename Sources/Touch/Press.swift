/// Whether something presses, with what happened to it within one frame.
///
/// A press and a release in the same frame are two changes, not none: a quick tap must not vanish (lvgl/lvgl#5211).
struct Press: Equatable, Sendable {
  private(set) var isDown = false
  /// In this frame: a release of what pressed when the frame began.
  private(set) var ended = false
  /// In this frame: a press.
  private(set) var began = false
  private var wasDown = false

  mutating func press() {
    if !isDown { began = true }
    isDown = true
  }

  mutating func release() {
    if isDown && wasDown { ended = true }
    isDown = false
  }

  mutating func endFrame() {
    wasDown = isDown
    ended = false
    began = false
  }

  /// The state that a device has when it is opened, without a change.
  mutating func assume(down: Bool) {
    isDown = down
    endFrame()
  }
}
