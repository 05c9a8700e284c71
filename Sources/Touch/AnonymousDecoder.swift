/// Protocol A: every frame lists all contacts, each ended by SYN_MT_REPORT, and an empty list (or BTN_TOUCH 0) lifts all.
///
/// Contacts carry no identity (a tracking id only on some devices), so each is matched with the nearest one of the frame
/// before (the kernel's multi-touch-protocol, "Finger tracking", in the greedy order of distance).
struct AnonymousDecoder: ContactDecoder {
  private struct Contact: Sendable {
    var u: Float = 0
    var v: Float = 0
    var size: Float = 0
    var trackingID: Int32 = -1
    var tool: Int32 = ToolType.finger
    var atOrigin = false
    var matched = false
  }

  private struct Known: Sendable {
    var track = ContactTrack()
    var trackingID: Int32 = -1
    /// Where it was in the last frame, told or not.
    var u: Float = 0
    var v: Float = 0
    /// The contact of this frame that it goes on as, or -1.
    var next = -1
  }

  /// Contacts of one frame that are looked at; no hand has more.
  private static let limit = 16
  /// The part of the digitizer beyond which two places are two fingers, squared: half its length.
  private static let reach: Float = 0.25

  private var deviceAxes: DeviceAxes
  private var frame: [Contact] = []
  private var known: [Known] = []
  private var x: Int32?
  private var y: Int32?
  private var pending = Contact()
  private var major: Int32 = 0
  private var listed = false
  private var released = false
  /// After lost events: contacts that are there are ignored until a frame has none.
  private var waitsForRelease: Bool

  init(_ description: DeviceDescription, state: DeviceState) {
    deviceAxes = DeviceAxes(description, multitouch: true)
    waitsForRelease = state.isPressed
    frame.reserveCapacity(Self.limit)
    known.reserveCapacity(2 * Self.limit)
  }

  var axes: DeviceAxes? { deviceAxes }
  var isPressed: Bool { !known.isEmpty }

  mutating func take(_ event: InputEvent) {
    switch (event.type, event.code) {
    case (EventType.abs, AbsCode.positionX): x = event.value
    case (EventType.abs, AbsCode.positionY): y = event.value
    case (EventType.abs, AbsCode.touchMajor): major = event.value
    case (EventType.abs, AbsCode.trackingID): pending.trackingID = event.value
    case (EventType.abs, AbsCode.toolType): pending.tool = event.value
    case (EventType.key, KeyCode.touch): released = event.value == 0
    default: break
    }
  }

  mutating func endContact() {
    listed = true
    defer {
      (x, y, major, pending) = (nil, nil, 0, Contact())
    }
    guard let x, let y, frame.count < Self.limit else { return }
    pending.u = deviceAxes.x.fraction(x)
    pending.v = deviceAxes.y.fraction(y)
    pending.atOrigin = pending.u == 0 && pending.v == 0
    pending.size = Float(max(0, major)) * deviceAxes.sizeScale
    frame.append(pending)
  }

  mutating func endFrame(time: UInt64, _ stream: inout TouchStream) {
    // A device with one finger may leave SYN_MT_REPORT out; a frame that says nothing of contacts changes none.
    if x != nil || y != nil { endContact() }
    guard listed || released else { return }
    if released { frame.removeAll(keepingCapacity: true) }
    if frame.isEmpty { waitsForRelease = false }
    match()
    var index = 0
    while index < known.count {
      let next = known[index].next
      if next >= 0 {
        Self.go(on: frame[next], with: &known[index], time, &stream)
        index += 1
      } else {
        known[index].track.up(time: time, &stream)
        known.remove(at: index)
      }
    }
    for contact in frame where !contact.matched { begin(contact, time, &stream) }
    frame.removeAll(keepingCapacity: true)
    listed = false
    released = false
  }

  mutating func cancel(_ reason: TouchEvent.Cancellation, time: UInt64, _ stream: inout TouchStream) {
    for i in known.indices { known[i].track.cancel(reason, time: time, &stream) }
    known.removeAll(keepingCapacity: true)
    frame.removeAll(keepingCapacity: true)
    (x, y, major, pending) = (nil, nil, 0, Contact())
    listed = false
    released = false
    waitsForRelease = true
  }

  private mutating func begin(_ contact: Contact, _ time: UInt64, _ stream: inout TouchStream) {
    var new = Known()
    new.trackingID = contact.trackingID
    (new.u, new.v) = (contact.u, contact.v)
    if waitsForRelease || contact.tool == ToolType.palm {
      new.track.ignore()
    } else {
      new.track.down(
        u: contact.u, v: contact.v, size: contact.size, time: time,
        pointer: contact.tool == ToolType.pen ? .pen : .finger, &stream)
    }
    known.append(new)
  }

  private static func go(
    on contact: Contact, with known: inout Known, _ time: UInt64, _ stream: inout TouchStream
  ) {
    if contact.tool == ToolType.palm && !known.track.isIgnored {
      known.track.cancel(.palm, time: time, &stream)
    } else if contact.u != known.u || contact.v != known.v {
      let believed = known.track.move(
        u: contact.u, v: contact.v, size: contact.size, time: time, atOrigin: contact.atOrigin, &stream)
      guard believed else { return }
    }
    (known.u, known.v) = (contact.u, contact.v)
  }

  /// Gives every contact of the frame to the known one that it goes on, the nearest pair first.
  private mutating func match() {
    for i in known.indices { known[i].next = -1 }
    while true {
      var best = (distance: Float.infinity, known: -1, contact: -1)
      for i in known.indices where known[i].next < 0 {
        for j in frame.indices where !frame[j].matched {
          let distance = self.distance(known[i], frame[j])
          if distance < best.distance { best = (distance, i, j) }
        }
      }
      guard best.known >= 0 else { return }
      known[best.known].next = best.contact
      frame[best.contact].matched = true
    }
  }

  private func distance(_ known: Known, _ contact: Contact) -> Float {
    if known.trackingID >= 0 || contact.trackingID >= 0 {
      return known.trackingID == contact.trackingID ? 0 : .infinity
    }
    // A lone contact that jumps to the origin is judged by its track.
    if contact.atOrigin && frame.count == 1 && self.known.count == 1 { return 0 }
    let (du, dv) = (contact.u - known.u, contact.v - known.v)
    let squared = du * du + dv * dv
    return squared <= Self.reach ? squared : .infinity
  }
}
