import DescribedDevices
import Glibc
import Kernel
import Touch

/// `virtual-touch check`: what only a real kernel can prove of the touch room, each as a sentence with its outcome.
enum Check {
  private typealias Proof = (sentence: String, prove: () throws -> Void)

  /// Runs all checks; a line each, `ok` or `not ok`, and what was seen.
  static func run() throws -> Bool {
    var proofs: [Proof] = [
      (
        "every described device is found by what it can do, and each other is refused with its reason",
        findsDevices
      )
    ]
    for device in DescribedDevice.all where device.kind != nil {
      proofs.append(("a visitor on \(device.key) is heard as the hand moved", { try hears(device) }))
    }
    proofs += [
      ("a press and a release that arrive in one read yield both", quickTap),
      ("a finger that was on the glass before the panel started is ignored until it is up", alreadyDown),
      ("a palm cancels its stroke", palm),
      ("an HDMI-CEC node that moves is not heard", remoteControl),
      (
        "a device that is pulled out under a finger cancels, and is found again under another number",
        unplugged
      ),
      (
        "a device chosen by its path is found again under another number, and no other is taken",
        chosenUnplugged
      ),
      ("a device that is plugged in while others are touched disturbs none", pluggedBeside),
      ("a node that appears without permission is taken once it has it", permission),
      ("a device chosen by its path is taken when it may be opened", chosenWithoutPermission),
      ("a device chosen by a link is taken when the link comes, also to another node", chosenLater),
    ]
    for device in DescribedDevice.all where device.kind != nil {
      proofs.append(
        ("lost events of \(device.key) cancel its stroke, and the next is whole", { try overflows(device) }))
    }
    proofs += [
      ("a finger that came while events were lost is heard", fingerDuringOverflow),
      ("a device that floods is read in bounded steps", flood),
      ("what is left over when a read has taken its share is read on without new events", budget),
      ("a recording of a device is what the panel heard of it", records),
      ("the events bear the kernel's time on CLOCK_MONOTONIC", times),
    ]
    var failed = 0
    for (number, proof) in proofs.enumerated() {
      do {
        try proof.prove()
        say("ok \(number + 1) \(proof.sentence)")
      } catch {
        failed += 1
        say("not ok \(number + 1) \(proof.sentence): \(error)")
      }
    }
    say(failed == 0 ? "all \(proofs.count) checks passed" : "\(failed) of \(proofs.count) checks failed")
    return failed == 0
  }

  // MARK: - Devices

  private static func findsDevices() throws {
    let devices = try DescribedDevice.all.map { ($0, try HeldDevice($0.description)) }
    let listener = try Listener()
    for (device, held) in devices {
      let candidate = listener.input.candidates.first { $0.path == held.path }
      let verdict = candidate?.verdict
      if let kind = device.kind {
        try expect(verdict == .taken(kind), "\(device.key): \(candidate?.description ?? "not looked at")")
      } else {
        try expect(candidate?.isTaken == false, "\(device.key): \(candidate?.description ?? "not looked at")")
      }
      try expect(
        candidate?.name == device.description.name, "\(device.key) is named \(candidate?.name ?? "")")
      if device.kind != nil {
        let description = listener.input.devices.first { $0.path == held.path }
        try expect(
          description?.kind == device.kind, "\(device.key) is used as \(description.debugDescription)")
      }
    }
    for candidate in listener.input.candidates { say("  \(candidate)") }
  }

  /// What a panel hears through uinput, the kernel and libevdev is what the pure decoder makes of the same events.
  private static func hears(_ device: DescribedDevice) throws {
    let geometry = TouchGeometry(width: 1280, height: 800, rotation: .clockwise270, matrix: device.matrix)
    let steps = try VisitStep.parse("draw 7:bar 300,210,280 tap 700,650 draw 8 300,210,280")
    var visit = Visit(device: device, geometry: geometry)
    let recording = try visit.record(steps)
    var decoder = try TouchDecoder(device.description)
    var expected = TouchStream(geometry: geometry)
    for event in recording.events { decoder.process(event, into: &expected) }

    let listener = try Listener(geometry: geometry)
    let held = try listener.plug(device)
    for event in recording.events {
      try held.send(CollectionOfOne(event))
      if event.endsFrame { listener.readOnce() }
    }
    try listener.listenUntilQuiet()
    // A device with fuzz sends less than the hand does: the kernel smooths it. Its strokes stay as they are.
    let isSmoothed = device.description.axes.values.contains { $0.fuzz > 0 }
    func compared(_ events: [TouchEvent]) -> [TouchEvent] {
      isSmoothed ? events.filter { $0.phase == .down || $0.phase == .up } : events
    }
    let (heard, meant) = (compared(listener.take()), compared(expected.events))
    try expect(heard.map(\.phase) == meant.map(\.phase), "\(heard.count) changes instead of \(meant.count)")
    for (one, other) in zip(heard, meant) {
      let isSame =
        isSmoothed
        ? abs(one.x - other.x) < 1 && abs(one.y - other.y) < 1
        : one.x == other.x && one.y == other.y && one.size == other.size
      try expect(
        isSame && one.pointer == other.pointer,
        "\(VirtualTouchProgram.describe(one)) instead of \(VirtualTouchProgram.describe(other))")
    }
    try expect(listener.input.counters.overflows == 0, "events were lost")
    try expect(
      zip(heard, heard.dropFirst()).allSatisfy { $0.time <= $1.time }, "the times go back")
  }

  // MARK: - Taps, palms, remote controls

  static let down: [(type: UInt16, code: UInt16, value: Int32)] = [
    (EventType.abs, AbsCode.slot, 0), (EventType.abs, AbsCode.trackingID, 5),
    (EventType.abs, AbsCode.positionX, 8000), (EventType.abs, AbsCode.positionY, 4000),
  ]
  static let up: [(type: UInt16, code: UInt16, value: Int32)] = [(EventType.abs, AbsCode.trackingID, -1)]

  private static func quickTap() throws {
    let listener = try Listener()
    let held = try listener.plug(.usbTenPoint)
    try held.send(down)
    try held.send(up)
    listener.readOnce()
    let phases = listener.take().map(\.phase)
    try expect(phases == [.down, .up], "heard \(phases)")
  }

  private static func alreadyDown() throws {
    typealias Frame = [(type: UInt16, code: UInt16, value: Int32)]
    let cases: [(DescribedDevice, Frame, Frame)] = [
      (.usbTenPoint, down, up),
      (.resistive, [(EventType.key, KeyCode.touch, 1)], [(EventType.key, KeyCode.touch, 0)]),
      (.mouse, [(EventType.key, KeyCode.buttonLeft, 1)], [(EventType.key, KeyCode.buttonLeft, 0)]),
    ]
    for (device, press, release) in cases {
      let held = try HeldDevice(device.description)
      try held.send(press)
      let listener = try Listener()
      try expect(listener.uses(held.path), "not taken: \(listener.input.summary)")
      try held.send(release)
      try listener.listenUntilQuiet()
      var phases = listener.take().map(\.phase)
      try expect(phases.isEmpty, "\(device.key): heard \(phases)")
      try held.send(press)
      try listener.listenUntilQuiet()
      phases = listener.take().map(\.phase)
      try expect(phases == [.down], "\(device.key): then heard \(phases)")
    }
  }

  private static func palm() throws {
    let listener = try Listener()
    let held = try listener.plug(.usbTenPoint)
    var visit = Visit(device: .usbTenPoint, geometry: listener.input.geometry)
    try held.send(visit.record(VisitStep.parse("palm 300,300,60 tap 500,500")).events)
    try listener.listenUntilQuiet()
    let phases = listener.take().map(\.phase).filter { $0 != .move }
    try expect(phases == [.down, .cancel, .down, .up], "heard \(phases)")
  }

  private static func remoteControl() throws {
    let listener = try Listener()
    let held = try HeldDevice(DescribedDevice.hdmiCEC.description)
    try listener.listen { $0.input.candidates.contains { $0.path == held.path } }
    try held.send([(EventType.rel, RelCode.x, 10), (EventType.key, 28, 1)])
    try listener.listenUntilQuiet()
    try expect(listener.events.isEmpty, "heard \(listener.events.count) events")
    try expect(!listener.uses(held.path), "it is in use")
  }

  private static func times() throws {
    let listener = try Listener()
    let held = try listener.plug(.usbTenPoint)
    try held.send(down)
    var latencies: [UInt64] = []
    var last: UInt64 = 0
    for step in 0..<500 {
      _ = listener.take()
      let before = MonotonicClock.now()
      try held.send([(EventType.abs, AbsCode.positionX, Int32(8001 + step))])
      try listener.listen { !$0.events.isEmpty }
      let after = MonotonicClock.now()
      guard let time = listener.events.last?.time else { throw CheckFailure("frame \(step) was not heard") }
      // The kernel's times are whole microseconds.
      try expect(time + 1000 >= before && time <= after, "time \(time) is not in \(before)...\(after)")
      try expect(time >= last, "the time went back")
      last = time
      latencies.append(after - before)
    }
    latencies.sort()
    say("  from uinput to the panel: p50 \(latencies[250] / 1000) us, p99 \(latencies[495] / 1000) us")
  }
}
