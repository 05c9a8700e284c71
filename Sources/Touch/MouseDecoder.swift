/// A plain mouse: relative motion moves a pointer of ours, the left button touches.
struct MouseDecoder: ContactDecoder {
  private var dx: Int32 = 0
  private var dy: Int32 = 0
  private var press = Press()
  /// 0 while the button is up.
  private var contact: Int32 = 0

  init(state: DeviceState) {
    press.assume(down: state.isPressed)
  }

  var axes: DeviceAxes? { nil }
  var isPressed: Bool { press.isDown }

  mutating func take(_ event: InputEvent) {
    switch (event.type, event.code) {
    case (EventType.rel, RelCode.x): dx &+= event.value
    case (EventType.rel, RelCode.y): dy &+= event.value
    case (EventType.key, KeyCode.buttonLeft):
      if event.value != 0 { press.press() } else { press.release() }
    default: break
    }
  }

  mutating func endFrame(time: UInt64, _ stream: inout TouchStream) {
    let moved = dx != 0 || dy != 0
    if moved {
      stream.movePointer(dx, dy)
      if contact != 0 {
        stream.appendAtPointer(.move, contact, time: time)
      } else if !press.isDown || press.began {
        stream.appendAtPointer(.hover, 0, time: time)
      }
    }
    if press.ended && contact != 0 {
      stream.appendAtPointer(.up, contact, time: time)
      contact = 0
    }
    if press.began {
      contact = stream.nextContact()
      stream.appendAtPointer(.down, contact, time: time)
      if !press.isDown {
        stream.appendAtPointer(.up, contact, time: time)
        contact = 0
      }
    }
    press.endFrame()
    dx = 0
    dy = 0
  }

  mutating func cancel(_ reason: TouchEvent.Cancellation, time: UInt64, _ stream: inout TouchStream) {
    if contact != 0 {
      stream.appendAtPointer(.cancel, contact, time: time, cancellation: reason)
      stream.counters.cancelled += 1
      contact = 0
    }
    dx = 0
    dy = 0
  }
}
