import Ink
import Touch

/// What a hand does, as the events that a described device would send: the way back from panel pixels to device units.
///
/// As the kernel does, it tells only what changed.
public struct FrameEncoder: Sendable {
  private let device: DescribedDevice
  private let geometry: TouchGeometry
  private var events: [InputEvent] = []
  private var time: UInt64 = 0
  /// What the kernel last told, by slot (-1: none) and axis or key.
  private var told: [Known: Int32] = [:]
  private var slots: [Int: Int32] = [:]
  private var nextTrackingID: Int32 = 1
  private var pointer: (x: Int, y: Int)?

  private struct Known: Hashable {
    let slot: Int32
    let type: UInt16
    let code: UInt16
  }

  /// - Parameter geometry: of the panel that will decode the events, with the digitizer matrix of the device.
  public init(_ device: DescribedDevice, geometry: TouchGeometry) {
    self.device = device
    self.geometry = geometry
  }

  /// The frames that lead to this sample; empty when it changes nothing.
  public mutating func encode(_ sample: HandSample) -> [InputEvent] {
    events = []
    time = sample.time
    let pressing = sample.fingers.filter(\.presses)
    switch device.speech {
    case .slots: encodeSlots(pressing)
    case .anonymous: encodeList(pressing)
    case .single: encodePoint(pressing.first, button: KeyCode.touch)
    case .pointer: encodePoint(sample.fingers.first, button: KeyCode.buttonLeft)
    case .pen: encodePen(sample.fingers.first)
    case .mouse: encodeMouse(sample.fingers.first)
    case .silent: break
    }
    return events
  }

  // MARK: - Protocols

  private mutating func encodeSlots(_ fingers: [HandSample.Finger]) {
    for (id, slot) in slots.sorted(by: { $0.value < $1.value })
    where !fingers.contains(where: { $0.id == id }) {
      select(slot)
      tell(EventType.abs, AbsCode.trackingID, -1, slot: slot)
      slots[id] = nil
    }
    for finger in fingers {
      guard let slot = slots[finger.id] ?? freeSlot() else { continue }
      let point = units(finger, AbsCode.positionX, AbsCode.positionY)
      let isNew = slots[finger.id] == nil
      var changes: [(UInt16, Int32)] = [(AbsCode.positionX, point.x), (AbsCode.positionY, point.y)]
      if isNew {
        slots[finger.id] = slot
        changes.insert((AbsCode.trackingID, nextTrackingID), at: 0)
        nextTrackingID = nextTrackingID % 65535 + 1
      }
      if device.description.has(axis: AbsCode.toolType) {
        changes.append((AbsCode.toolType, finger.isPalm ? ToolType.palm : ToolType.finger))
      }
      for code in [AbsCode.touchMajor, AbsCode.touchMinor] where device.description.has(axis: code) {
        changes.append((code, majorUnits(finger, code)))
      }
      for (code, value) in changes where isChange(EventType.abs, code, value, slot: slot) {
        select(slot)
        tell(EventType.abs, code, value, slot: slot)
      }
    }
    // The kernel's pointer emulation: the oldest finger as a single touch.
    if device.description.has(axis: AbsCode.x) {
      tell(EventType.key, KeyCode.touch, fingers.isEmpty ? 0 : 1)
      if let first = fingers.first {
        let point = units(first, AbsCode.x, AbsCode.y)
        tell(EventType.abs, AbsCode.x, point.x)
        tell(EventType.abs, AbsCode.y, point.y)
      }
    }
    endFrame()
  }

  private mutating func encodeList(_ fingers: [HandSample.Finger]) {
    let wasPressed = told[Known(slot: -1, type: EventType.key, code: KeyCode.touch)] == 1
    guard wasPressed || !fingers.isEmpty else { return }
    tell(EventType.key, KeyCode.touch, fingers.isEmpty ? 0 : 1)
    for finger in fingers {
      let point = units(finger, AbsCode.positionX, AbsCode.positionY)
      // Protocol A bypasses the kernel's filter: every value is told every time.
      append(EventType.abs, AbsCode.positionX, point.x)
      append(EventType.abs, AbsCode.positionY, point.y)
      if device.description.has(axis: AbsCode.touchMajor) {
        append(EventType.abs, AbsCode.touchMajor, majorUnits(finger, AbsCode.touchMajor))
      }
      append(EventType.syn, SynCode.mtReport, 0)
    }
    if fingers.isEmpty { append(EventType.syn, SynCode.mtReport, 0) }
    endFrame()
  }

  private mutating func encodePoint(_ finger: HandSample.Finger?, button: UInt16) {
    if let finger {
      let point = units(finger, AbsCode.x, AbsCode.y)
      tell(EventType.abs, AbsCode.x, point.x)
      tell(EventType.abs, AbsCode.y, point.y)
    }
    if device.description.has(axis: AbsCode.pressure) {
      tell(EventType.abs, AbsCode.pressure, finger == nil ? 0 : 120)
    }
    tell(EventType.key, button, finger?.presses == true ? 1 : 0)
    endFrame()
  }

  private mutating func encodePen(_ finger: HandSample.Finger?) {
    guard let finger else {
      tell(EventType.abs, AbsCode.pressure, 0)
      tell(EventType.key, KeyCode.touch, 0)
      tell(EventType.key, KeyCode.toolPen, 0)
      return endFrame()
    }
    let point = units(finger, AbsCode.x, AbsCode.y)
    tell(EventType.abs, AbsCode.x, point.x)
    tell(EventType.abs, AbsCode.y, point.y)
    tell(EventType.key, KeyCode.toolPen, 1)
    tell(EventType.abs, AbsCode.pressure, finger.presses ? 1500 : 0)
    tell(EventType.abs, AbsCode.distance, finger.presses ? 0 : 20)
    tell(EventType.key, KeyCode.touch, finger.presses ? 1 : 0)
    endFrame()
  }

  private mutating func encodeMouse(_ finger: HandSample.Finger?) {
    guard let finger else {
      tell(EventType.key, KeyCode.buttonLeft, 0)
      return endFrame()
    }
    if pointer == nil {
      // Wherever the pointer is, the top left corner stops it: from there on its place is known.
      append(EventType.rel, RelCode.x, -10_000)
      append(EventType.rel, RelCode.y, -10_000)
      endFrame()
    }
    let from = pointer ?? (0, 0)
    let to = (
      x: max(0, min(geometry.width - 1, Int(finger.x.rounded(.down)))),
      y: max(0, min(geometry.height - 1, Int(finger.y.rounded(.down))))
    )
    if to.x != from.x { append(EventType.rel, RelCode.x, Int32(to.x - from.x)) }
    if to.y != from.y { append(EventType.rel, RelCode.y, Int32(to.y - from.y)) }
    pointer = to
    tell(EventType.key, KeyCode.buttonLeft, finger.presses ? 1 : 0)
    endFrame()
  }

  // MARK: - Device units

  private func units(_ finger: HandSample.Finger, _ xCode: UInt16, _ yCode: UInt16) -> (x: Int32, y: Int32) {
    let point = geometry.digitizer(x: Float(finger.x), y: Float(finger.y))
    return (value(point.u, xCode, device.actual?.x), value(point.v, yCode, device.actual?.y))
  }

  /// A place of 0 ... 1 on an axis; a device that lies sends the ends of its real range for the edges of the glass.
  private func value(_ fraction: Float, _ code: UInt16, _ actual: ClosedRange<Int32>?) -> Int32 {
    guard let range = device.description.axes[code] else { return 0 }
    if let actual {
      if fraction <= 0 { return actual.lowerBound }
      if fraction >= 1 { return actual.upperBound }
    }
    let inside = max(0, min(1, Double(fraction)))
    return range.minimum + Int32((inside * Double(range.length)).rounded())
  }

  /// Panel pixels of a contact's diameter in the units of its axis.
  private func majorUnits(_ finger: HandSample.Finger, _ code: UInt16) -> Int32 {
    let axes = device.description.axes
    guard let x = axes[AbsCode.positionX], let y = axes[AbsCode.positionY], let major = axes[code] else {
      return 0
    }
    let unitsPerPixel =
      (Double(x.length) * Double(y.length) / (Double(geometry.width) * Double(geometry.height))).squareRoot()
    let ratio = major.resolution > 0 && x.resolution > 0 ? Double(major.resolution) / Double(x.resolution) : 1
    return Int32(max(0, min(Double(major.maximum), (finger.size * unitsPerPixel * ratio).rounded())))
  }

  // MARK: - Events

  private func freeSlot() -> Int32? {
    let count = (device.description.axes[AbsCode.slot]?.maximum ?? 0) + 1
    return (0..<count).first { !slots.values.contains($0) }
  }

  private mutating func select(_ slot: Int32) {
    tell(EventType.abs, AbsCode.slot, slot)
  }

  private func isChange(_ type: UInt16, _ code: UInt16, _ value: Int32, slot: Int32) -> Bool {
    // Before the first event the kernel knows of zeroes, and of no contact.
    let known = told[Known(slot: slot, type: type, code: code)] ?? (code == AbsCode.trackingID ? -1 : 0)
    return known != value
  }

  private mutating func tell(_ type: UInt16, _ code: UInt16, _ value: Int32, slot: Int32 = -1) {
    guard isChange(type, code, value, slot: slot) else { return }
    told[Known(slot: slot, type: type, code: code)] = value
    append(type, code, value)
  }

  private mutating func append(_ type: UInt16, _ code: UInt16, _ value: Int32) {
    events.append(InputEvent(time: time, type: type, code: code, value: value))
  }

  private mutating func endFrame() {
    guard let last = events.last, !last.endsFrame else { return }
    append(EventType.syn, SynCode.report, 0)
  }
}
