import Ink

/// What a ``Screen`` shows its surface on: a CRTC with its buffers, a framebuffer device, or pictures in files.
///
/// Calls belong to the thread of the screen, and none of them waits for the display. What goes wrong is told by
/// ``fault``.
protocol ScreenOutput: AnyObject {
  /// What was taken, for the log: "HDMI-A-1 of /dev/dri/card1 (vc4), 1280x800@60".
  var name: String { get }
  /// Pixels of the scanout buffer, before rotation.
  var scanoutWidth: Int { get }
  var scanoutHeight: Int { get }
  /// The size of the picture in millimetres, before rotation, where the display tells it.
  var millimetres: (width: Int, height: Int)? { get }

  /// Brings changed pixels of the surface to the glass as soon as can be.
  func show(_ rect: PixelRect, of surface: borrowing Surface, rotation: Rotation)
  /// Brings the whole surface to the glass, at once for the eye.
  func flip(_ surface: borrowing Surface, rotation: Rotation)
  /// Whether what may block behind this output has come upon a round of the heartbeat; at first it is asked.
  func isAlive(in round: UInt64) -> Bool
  /// Gives everything back. The output is not used after that.
  func close()
}

extension ScreenOutput {
  /// An output without a thread of its own lives as long as its caller.
  func isAlive(in round: UInt64) -> Bool { true }
}
