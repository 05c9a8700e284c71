/// Protocol B: each contact has a slot, and within it a tracking id from its press to its release.
///
/// The kernel tells only what changed, so a slot keeps what it had, also from one contact to the next. The plain
/// `ABS_X`, `ABS_Y` and `BTN_TOUCH` that such devices send too are for others.
struct SlotDecoder: ContactDecoder {
  private struct Slot: Sendable {
    var x: Int32 = 0
    var y: Int32 = 0
    var major: Int32 = 0
    var tool: Int32 = ToolType.finger
    var trackingID: Int32 = -1
    var press = Press()
    var moved = false
    var track = ContactTrack()
  }

  private var slots: [Slot]
  /// The slot that the next values are for; outside of `slots` they are for none.
  private var current: Int
  private var deviceAxes: DeviceAxes

  init(_ description: DeviceDescription, slots count: Int, state: DeviceState) {
    deviceAxes = DeviceAxes(description, multitouch: true)
    slots = [Slot](repeating: Slot(), count: count)
    current = state.slot
    for (i, known) in state.slots.prefix(count).enumerated() {
      slots[i].x = known.x
      slots[i].y = known.y
      slots[i].major = known.major
      slots[i].tool = known.tool
      slots[i].trackingID = known.trackingID
      slots[i].press.assume(down: known.trackingID >= 0)
      if known.trackingID >= 0 { slots[i].track.ignore() }
    }
  }

  var axes: DeviceAxes? { deviceAxes }
  var isPressed: Bool { slots.contains { $0.press.isDown } }

  mutating func take(_ event: InputEvent) {
    guard event.type == EventType.abs else { return }
    if event.code == AbsCode.slot {
      current = Int(event.value)
      return
    }
    guard slots.indices.contains(current) else { return }
    switch event.code {
    case AbsCode.positionX:
      slots[current].x = event.value
      slots[current].moved = true
    case AbsCode.positionY:
      slots[current].y = event.value
      slots[current].moved = true
    case AbsCode.touchMajor: slots[current].major = event.value
    case AbsCode.toolType: slots[current].tool = event.value
    case AbsCode.trackingID:
      // Another id without a release between is another finger.
      if event.value != slots[current].trackingID { slots[current].press.release() }
      slots[current].trackingID = event.value
      if event.value >= 0 { slots[current].press.press() }
    default: break
    }
  }

  mutating func endFrame(time: UInt64, _ stream: inout TouchStream) {
    for i in slots.indices { Self.endFrame(of: &slots[i], &deviceAxes, time, &stream) }
  }

  mutating func cancel(_ reason: TouchEvent.Cancellation, time: UInt64, _ stream: inout TouchStream) {
    for i in slots.indices where slots[i].press.isDown || slots[i].track.contact != 0 {
      slots[i].track.cancel(reason, time: time, &stream)
    }
  }

  private static func endFrame(
    of slot: inout Slot, _ axes: inout DeviceAxes, _ time: UInt64, _ stream: inout TouchStream
  ) {
    let press = slot.press
    defer {
      slot.press.endFrame()
      slot.moved = false
    }
    if press.ended { slot.track.up(time: time, &stream) }
    guard press.began || press.isDown else { return }
    if slot.tool == ToolType.palm {
      if press.began { slot.track = ContactTrack() }
      if !slot.track.isIgnored { slot.track.cancel(.palm, time: time, &stream) }
      return
    }
    let size = Float(max(0, slot.major)) * axes.sizeScale
    if press.began {
      slot.track.down(
        u: axes.x.fraction(slot.x), v: axes.y.fraction(slot.y), size: size, time: time,
        pointer: slot.tool == ToolType.pen ? .pen : .finger, &stream)
      if !press.isDown { slot.track.up(time: time, &stream) }
    } else if slot.moved && slot.track.contact != 0 {
      slot.track.move(
        u: axes.x.fraction(slot.x), v: axes.y.fraction(slot.y), size: size, time: time,
        atOrigin: false, &stream)
    }
  }
}
