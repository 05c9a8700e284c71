/// One point with absolute axes: a single-touch screen, a pen, or the absolute pointer of a virtual machine.
///
/// The kernel tells no axis that did not change: a second press at the same place has no position at all.
struct PointDecoder: ContactDecoder {
  enum Style: Sendable { case touch, pen, pointer }

  private let style: Style
  private var deviceAxes: DeviceAxes
  private var x: Int32
  private var y: Int32
  private var moved = false
  private var press = Press()
  private var isNear: Bool
  private var track = ContactTrack()

  init(_ description: DeviceDescription, style: Style, state: DeviceState) {
    self.style = style
    deviceAxes = DeviceAxes(description, multitouch: false)
    x = state.x
    y = state.y
    isNear = state.isNear
    press.assume(down: state.isPressed)
    if state.isPressed { track.ignore() }
  }

  var axes: DeviceAxes? { deviceAxes }
  var isPressed: Bool { press.isDown }

  mutating func take(_ event: InputEvent) {
    switch (event.type, event.code) {
    case (EventType.abs, AbsCode.x):
      x = event.value
      moved = true
    case (EventType.abs, AbsCode.y):
      y = event.value
      moved = true
    case (EventType.key, KeyCode.touch) where style != .pointer,
      (EventType.key, KeyCode.buttonLeft) where style == .pointer:
      if event.value != 0 { press.press() } else { press.release() }
    case (EventType.key, KeyCode.toolPen) where style == .pen,
      (EventType.key, KeyCode.toolRubber) where style == .pen:
      isNear = event.value != 0
      // A pen that is far away presses nothing, whatever else it says.
      if !isNear { press.release() }
    default: break
    }
  }

  mutating func endFrame(time: UInt64, _ stream: inout TouchStream) {
    let press = self.press
    defer {
      self.press.endFrame()
      moved = false
    }
    if press.ended { track.up(time: time, &stream) }
    if press.began {
      let (u, v) = (deviceAxes.x.fraction(x), deviceAxes.y.fraction(y))
      track.down(u: u, v: v, size: 0, time: time, pointer: pointer, &stream)
      if !press.isDown { track.up(time: time, &stream) }
      return
    }
    guard moved, !press.ended else { return }
    if press.isDown {
      guard track.contact != 0 else { return }
      let (u, v) = (deviceAxes.x.fraction(x), deviceAxes.y.fraction(y))
      track.move(
        u: u, v: v, size: 0, time: time, atOrigin: style == .touch && u == 0 && v == 0, &stream)
    } else if style == .pointer || (style == .pen && isNear) {
      let (u, v) = (deviceAxes.x.fraction(x), deviceAxes.y.fraction(y))
      stream.append(.hover, 0, u: u, v: v, size: 0, time: time, pointer: pointer)
    }
  }

  mutating func cancel(_ reason: TouchEvent.Cancellation, time: UInt64, _ stream: inout TouchStream) {
    if press.isDown || track.contact != 0 { track.cancel(reason, time: time, &stream) }
  }

  private var pointer: TouchEvent.Pointer {
    switch style {
    case .touch: .finger
    case .pen: .pen
    case .pointer: .mouse
    }
  }
}
