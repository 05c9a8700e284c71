/// Where the fingers of a hand are at one moment, in panel pixels.
public struct HandSample: Sendable, Equatable {
  /// One finger on the glass, or a pen or mouse above it.
  public struct Finger: Sendable, Equatable {
    /// Stays with the finger while it touches.
    public var id: Int
    public var x: Double
    public var y: Double
    /// Diameter of the contact in panel pixels.
    public var size: Double
    /// False: it only hovers, which most touchscreens cannot see.
    public var presses: Bool
    public var isPalm: Bool

    public init(
      id: Int = 0, x: Double, y: Double, size: Double = 0, presses: Bool = true, isPalm: Bool = false
    ) {
      self.id = id
      self.x = x
      self.y = y
      self.size = size
      self.presses = presses
      self.isPalm = isPalm
    }
  }

  /// Nanoseconds since the visit began.
  public var time: UInt64
  public var fingers: [Finger]

  public init(time: UInt64, fingers: [Finger]) {
    self.time = time
    self.fingers = fingers
  }
}
