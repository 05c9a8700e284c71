/// What a device says of itself: the same value from a live device, from the head of a recording, and for a device that
/// is made by uinput.
public struct DeviceDescription: Equatable, Sendable {
  /// Bus, vendor, product and version: what a device keeps when it is plugged in again, unlike its event number.
  public struct Identity: Equatable, Hashable, Sendable {
    public var bus: UInt16
    public var vendor: UInt16
    public var product: UInt16
    public var version: UInt16

    public init(bus: UInt16, vendor: UInt16, product: UInt16, version: UInt16) {
      self.bus = bus
      self.vendor = vendor
      self.product = product
      self.version = version
    }
  }

  public var name: String
  public var identity: Identity
  /// `INPUT_PROP_*` numbers, see ``DeviceProperty``.
  public var properties: Set<UInt16>
  /// The codes that the device can send, by event type; `EV_SYN` is left out, every device has it.
  public var codes: [UInt16: Set<UInt16>]
  /// The ranges of its absolute axes, by `ABS_*` code.
  public var axes: [UInt16: AxisRange]

  public init(
    name: String, identity: Identity, properties: Set<UInt16> = [], keys: Set<UInt16> = [],
    relative: Set<UInt16> = [], axes: [UInt16: AxisRange] = [:], misc: Set<UInt16> = []
  ) {
    self.name = name
    self.identity = identity
    self.properties = properties
    self.axes = axes
    codes = [:]
    if !keys.isEmpty { codes[EventType.key] = keys }
    if !relative.isEmpty { codes[EventType.rel] = relative }
    if !axes.isEmpty { codes[EventType.abs] = Set(axes.keys) }
    if !misc.isEmpty { codes[EventType.msc] = misc }
  }

  public func has(key: UInt16) -> Bool { codes[EventType.key]?.contains(key) ?? false }
  public func has(relative: UInt16) -> Bool { codes[EventType.rel]?.contains(relative) ?? false }
  public func has(axis: UInt16) -> Bool { codes[EventType.abs]?.contains(axis) ?? false }
  public func has(property: UInt16) -> Bool { properties.contains(property) }
}

/// The range of an absolute axis (`struct input_absinfo`).
public struct AxisRange: Equatable, Sendable {
  public var minimum: Int32
  public var maximum: Int32
  public var fuzz: Int32
  public var flat: Int32
  /// Units per millimetre; 0 where the device does not tell.
  public var resolution: Int32

  public init(_ minimum: Int32, _ maximum: Int32, fuzz: Int32 = 0, flat: Int32 = 0, resolution: Int32 = 0) {
    self.minimum = minimum
    self.maximum = maximum
    self.fuzz = fuzz
    self.flat = flat
    self.resolution = resolution
  }

  /// From minimum to maximum, in units; never overflows.
  public var length: Int64 { Int64(maximum) - Int64(minimum) }
}
