/// What a device shows when it is opened: the kernel tells only changes, so a first press may come without a position.
public struct DeviceState: Equatable, Sendable {
  /// One slot of protocol B.
  public struct Slot: Equatable, Sendable {
    public var x: Int32 = 0
    public var y: Int32 = 0
    public var major: Int32 = 0
    public var tool: Int32 = ToolType.finger
    /// -1: nothing touches.
    public var trackingID: Int32 = -1

    public init() {}
  }

  /// The slot for which the next values are.
  public var slot = 0
  public var slots: [Slot] = []
  /// `ABS_X` and `ABS_Y`.
  public var x: Int32 = 0
  public var y: Int32 = 0
  /// `BTN_TOUCH`, or the left button of a mouse.
  public var isPressed = false
  /// `BTN_TOOL_PEN` or `BTN_TOOL_RUBBER`.
  public var isNear = false

  public init() {}
}
