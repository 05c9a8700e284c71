import DescribedDevices
import Kernel
import Touch

extension Check {
  /// More frames than the kernel keeps for one reader (evdev keeps at most some hundred events).
  private static let many = 3000

  /// The stroke in hand when events are lost is cancelled once; up to its end nothing is told; the next is whole.
  static func overflows(_ device: DescribedDevice) throws {
    let geometry = TouchGeometry(width: 1280, height: 800, matrix: device.matrix)
    let listener = try Listener(geometry: geometry)
    let held = try listener.plug(device)
    var encoder = FrameEncoder(device, geometry: geometry)
    func send(_ x: Double, _ y: Double, presses: Bool = true) throws {
      try held.send(
        encoder.encode(HandSample(time: 0, fingers: [.init(x: x, y: y, size: 50, presses: presses)])))
    }
    if device.hovers { try send(300, 300, presses: false) }
    try send(300, 300)
    try send(310, 310)
    try listener.listenUntilQuiet()
    let before = listener.take().filter { $0.phase != .hover }.map(\.phase)
    try expect(before.first == .down, "before: heard \(before)")
    for step in 0..<many { try send(320 + Double(step % 200), 300 + Double(step % 150)) }
    var calls = 0
    let began = MonotonicClock.now()
    try listener.listen { _ in
      calls += 1
      return calls > 3
    }
    let took = MonotonicClock.now() - began
    try listener.listenUntilQuiet()
    let lost = listener.take().map(\.phase)
    try expect(listener.input.counters.overflows >= 1, "nothing was lost: heard \(lost.count) changes")
    try expect(lost.filter { $0 == .cancel }.count == 1, "amid: heard \(lost.filter { $0 != .move })")
    try expect(!lost.drop { $0 != .cancel }.contains(.move), "the cancelled stroke goes on")
    try expect(took < 1_000_000_000, "it took \(took / 1_000_000) ms")
    try send(400, 400)
    try held.send(encoder.encode(HandSample(time: 0, fingers: [])))
    try listener.listenUntilQuiet()
    let rest = listener.take().filter { $0.phase != .hover }.map(\.phase)
    try expect(rest.isEmpty, "up to its end: heard \(rest)")
    // Lost motion is lost: where a mouse points then is known again in the corner.
    if device.speech == .mouse { encoder = FrameEncoder(device, geometry: geometry) }
    if device.hovers { try send(500, 500, presses: false) }
    try send(500, 500)
    try send(520, 500)
    try held.send(encoder.encode(HandSample(time: 0, fingers: [])))
    try listener.listenUntilQuiet()
    let next = listener.take().filter { $0.phase != .hover }
    try expect(next.map(\.phase) == [.down, .move, .up], "the next: heard \(next.map(\.phase))")
    try expect(
      abs(next[0].x - 500) < 2 && abs(next[1].x - 520) < 2, "the next is at \(next[0].x), \(next[1].x)")
  }

  /// One finger lifts and another comes while nothing is read.
  static func fingerDuringOverflow() throws {
    let listener = try Listener()
    let held = try listener.plug(.usbTenPoint)
    try held.send(down)
    try listener.listenUntilQuiet()
    for step in 0..<many { try held.send([(EventType.abs, AbsCode.positionX, Int32(8000 + step % 500))]) }
    try held.send(up)
    try held.send([
      (EventType.abs, AbsCode.trackingID, 6), (EventType.abs, AbsCode.positionX, 1000),
      (EventType.abs, AbsCode.positionY, 1000),
    ])
    try listener.listenUntilQuiet()
    let heard = listener.take()
    let phases = heard.map(\.phase).filter { $0 != .move }
    try expect(phases == [.down, .cancel, .down], "heard \(phases)")
    let expected = 0.5 + 1000.0 / 16384 * 1279
    let x = heard.last { $0.phase == .down }.map { Double($0.x) } ?? 0
    try expect(abs(x - expected) < 0.1, "it came down at \(x), not at \(expected)")
  }

  /// A device that overflows again before every read.
  static func flood() throws {
    let listener = try Listener()
    let held = try listener.plug(.usbTenPoint)
    try held.send(down)
    var longest: UInt64 = 0
    var most = 0
    for _ in 0..<20 {
      for step in 0..<many {
        try held.send([
          (EventType.abs, AbsCode.positionX, Int32(8000 + step % 500)),
          (EventType.abs, AbsCode.positionY, Int32(4000 + step % 300)),
        ])
      }
      let began = MonotonicClock.now()
      listener.readOnce()
      longest = max(longest, MonotonicClock.now() - began)
      most = max(most, listener.take().count)
    }
    let counters = listener.input.counters
    say(
      "  \(counters.overflows) overflows in 20 reads, the longest \(longest / 1000) us, at most \(most) changes a read"
    )
    try expect(counters.overflows >= 20 && counters.overflows <= 60, "\(counters)")
    try expect(counters.cancelled == 1, "\(counters)")
    try expect(longest < 100_000_000, "a read took \(longest / 1000) us")
  }

  /// A panel that takes at most seven events at once gets all frames of a burst, and no more after them.
  static func budget() throws {
    let listener = try Listener(budget: 7)
    let held = try listener.plug(.usbTenPoint)
    try held.send(down)
    for step in 1...40 { try held.send([(EventType.abs, AbsCode.positionX, Int32(8000 + step))]) }
    try held.send(up)
    listener.readOnce()
    let first = listener.events.count
    try expect(first > 0 && first < 4, "heard \(first) changes at once")
    try listener.listenUntilQuiet()
    try expect(listener.events.count == 42, "heard \(listener.events.count) changes of 42")
  }

  /// A recorder and a panel listen to the same device; the recording, decoded, is what the panel heard.
  static func records() throws {
    let file = "/tmp/virtual-touch-check.evemu"
    let listener = try Listener()
    var held: HeldDevice? = try listener.plug(.usbTenPoint)
    let recorder = try TouchRecorder(device: held?.path ?? "", file: file)
    var visit = Visit(device: .usbTenPoint, geometry: listener.input.geometry)
    for event in try visit.record(VisitStep.parse("draw 4 300,210,280 tap 700,650")).events {
      try held?.send(CollectionOfOne(event))
      guard event.endsFrame else { continue }
      listener.readOnce()
      try expect(try recorder.record(), "the device is gone")
    }
    try listener.listenUntilQuiet()
    held = nil
    try expect(try !recorder.record(), "the device is still there")
    let heard = listener.take()
    let recording = try Recording(evemu: try contentsOfFile(file, limit: 1 << 20))
    try expect(recording.description == DescribedDevice.usbTenPoint.description, "\(recording.description)")
    var decoder = try TouchDecoder(recording.description)
    var stream = TouchStream(geometry: listener.input.geometry)
    for event in recording.events { decoder.process(event, into: &stream) }
    try expect(recorder.frames == Int(stream.counters.frames), "\(recorder.frames) frames")
    let start = heard.first?.time ?? 0
    let shifted = heard.map { event in
      var event = event
      event.time -= start
      return event
    }
    try expect(stream.events == shifted, "\(stream.events.count) changes instead of \(shifted.count)")
  }
}
