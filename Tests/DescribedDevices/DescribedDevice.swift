import Touch

/// A touch device as a value: what it says of itself, how it lies on the glass, and how it talks.
///
/// The tests of Touch decode what it would send; the virtual panel makes it by uinput.
public struct DescribedDevice: Sendable {
  /// How the device tells what a hand does.
  public enum Speech: Sendable, Equatable {
    /// Protocol B, with the plain ABS_X, ABS_Y and BTN_TOUCH of the first contact where the device has them.
    case slots
    /// Protocol A, with BTN_TOUCH.
    case anonymous
    case single
    case mouse
    case pen
    /// ABS_X, ABS_Y and BTN_LEFT.
    case pointer
    /// It does not touch.
    case silent
  }

  /// By which the command line names it.
  public let key: String
  /// What it is in the world, in a few words.
  public let note: String
  public let description: DeviceDescription
  public let speech: Speech
  /// The digitizer matrix that the panel needs for it.
  public let matrix: DigitizerMatrix
  /// The range that it really sends, where that is not the declared one.
  public let actual: (x: ClosedRange<Int32>, y: ClosedRange<Int32>)?
  /// What the panel must take it for; nil: it must be refused.
  public let kind: DeviceKind?
  /// Its reports per second.
  public let rate: Double

  init(
    _ key: String, _ note: String, _ description: DeviceDescription, speech: Speech, kind: DeviceKind?,
    rate: Double = 100, matrix: DigitizerMatrix = .identity,
    actual: (x: ClosedRange<Int32>, y: ClosedRange<Int32>)? = nil
  ) {
    self.key = key
    self.note = note
    self.description = description
    self.speech = speech
    self.kind = kind
    self.rate = rate
    self.matrix = matrix
    self.actual = actual
  }

  /// Whether it tells where the hand is before it touches.
  public var hovers: Bool { speech == .mouse || speech == .pen || speech == .pointer }

  /// The device with this key, or nil.
  public static func named(_ key: String) -> DescribedDevice? {
    all.first { $0.key == key }
  }

  /// All described devices: ten of a panel, then those that a panel must refuse.
  public static let all: [DescribedDevice] =
    [
      usbTenPoint, raspberryPi7, protocolA, resistive, mouse, penTablet, swappedAxes, lyingRange, eGalax,
      qemuTablet,
    ] + refused

  /// Devices that look like one of a panel, and are none.
  public static let refused: [DescribedDevice] = [hdmiCEC, keyboard, touchpad]
}
