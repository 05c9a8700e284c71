import DescribedDevices
import Glibc
import Kernel
import Testing

@testable import Touch

@Suite("The touch devices of a panel")
struct TouchInputTests {
  let geometry = TouchGeometry(width: 800, height: 480)

  /// A file that is gone after the test.
  func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    var template = Array("/tmp/touch-test-XXXXXX".utf8CString)
    let file = FileDescriptor(owning: mkstemp(&template))
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    try file.writeAll(Array(text.utf8), to: path)
    try body(path)
  }

  /// A directory that is gone after the test.
  func withDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/touch-test-XXXXXX".utf8CString)
    _ = mkdtemp(&template)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for number in 0..<20 { unlink("\(path)/event\(number)") }
      rmdir(path)
    }
    try body(path)
  }

  /// Sleeps on the descriptor alone, as a main loop does, until the replay is over.
  func playAll(_ input: TouchInput) throws -> [TouchEvent] {
    let poll = try Poll()
    try poll.add(input.descriptor, tag: 0)
    var events: [TouchEvent] = []
    while !input.isReplayOver {
      try poll.wait(timeout: 10_000) { _, _ in input.read(into: &events) }
    }
    return events
  }

  @Test(
    "the text of --touch is auto, a path or a recording",
    arguments: [
      ("auto", TouchSelection.auto), ("/dev/input/event3", .device("/dev/input/event3")),
      ("replay:a b.evemu", .replay("a b.evemu")),
    ])
  func selection(text: String, expected: TouchSelection) throws {
    #expect(try TouchSelection(text) == expected)
    #expect(expected.description == text)
  }

  @Test(
    "another text of --touch is refused with what to write", arguments: ["", "replay:", "event3", "Auto"])
  func wrongSelection(text: String) {
    let error = #expect(throws: KernelError.self) { try TouchSelection(text) }
    #expect(error?.nextStep == "write auto, the path of a device, or replay:FILE")
  }

  @Test("a recording is played by the same decoder, each event with its planned time")
  func replay() throws {
    let description = DescribedDevice.raspberryPi7.description
    func event(_ time: UInt64, _ code: UInt16, _ value: Int32) -> InputEvent {
      InputEvent(time: time, type: EventType.abs, code: code, value: value)
    }
    func end(_ time: UInt64) -> InputEvent {
      InputEvent(time: time, type: EventType.syn, code: SynCode.report, value: 0)
    }
    let recording = Recording(
      description: description,
      events: [
        event(5_000_000, AbsCode.trackingID, 1), event(5_000_000, AbsCode.positionX, 100),
        event(5_000_000, AbsCode.positionY, 200), end(5_000_000),
        event(12_000_000, AbsCode.positionX, 101), end(12_000_000),
        event(20_000_000, AbsCode.trackingID, -1), end(20_000_000),
      ])
    try withFile(EvemuWriter.text(recording)) { path in
      let before = MonotonicClock.now()
      let input = try TouchInput(.replay(path), geometry: geometry)
      let after = MonotonicClock.now()
      #expect(input.devices.map(\.kind) == [.touchscreen(.slots(10))])
      #expect(input.summary == "raspberrypi-ts (\(path)): taken, touchscreen with 10 contacts")
      let events = try playAll(input)
      #expect(events.map(\.phase) == [.down, .move, .up])
      #expect(events.map(\.x) == [100.5, 101.5, 101.5])
      let start = try #require(events.first?.time)
      #expect(start >= before + 5_000_000 && start <= after + 5_000_000)
      #expect(events.map { $0.time - start } == [0, 7_000_000, 15_000_000])
      #expect(MonotonicClock.now() >= start + 15_000_000)
      // It stays silent.
      var more: [TouchEvent] = []
      input.read(into: &more)
      #expect(more.isEmpty)
      #expect(input.counters.frames == 3)
    }
  }

  @Test("a recording that cannot be played is refused with file and line")
  func damagedReplay() throws {
    try withFile("N: x\nE: nonsense\n") { path in
      let error = #expect(throws: KernelError.self) { try TouchInput(.replay(path), geometry: geometry) }
      #expect(error?.description.hasPrefix("cannot replay \(path): line 2: ") == true)
    }
    try withFile(EvemuWriter.head(DescribedDevice.keyboard.description)) { path in
      let error = #expect(throws: KernelError.self) { try TouchInput(.replay(path), geometry: geometry) }
      #expect(error?.description == "cannot replay \(path): a keyboard")
    }
    let missing = #expect(throws: KernelError.self) {
      try TouchInput(.replay("/nowhere/x"), geometry: geometry)
    }
    #expect(missing?.code == ENOENT)
  }

  @Test("a path at which no device can ever be is refused in a sentence")
  func wrongDevice() throws {
    let next = "panel --probe --touch auto shows the devices that are there"
    func refusal(_ path: String) -> String? {
      #expect(throws: KernelError.self) {
        try TouchInput(.device(path), geometry: geometry, directory: "/tmp")
      }?.description
    }
    #expect(refusal("/tmp") == "cannot use /tmp for touch: it is a directory; \(next)")
    try withFile("no device") { path in
      #expect(refusal(path) == "cannot use \(path) for touch: it is no device; \(next)")
    }
  }

  @Test("a named device that is not there yet is told, and looked at when its node comes")
  func chosenLater() throws {
    try withDirectory { directory in
      let (path, other) = ("\(directory)/event3", "\(directory)/event4")
      let input = try TouchInput(.device(path), geometry: geometry, directory: directory)
      #expect(input.devices.isEmpty)
      #expect(
        input.summary
          == "no touch device; \(path): not taken, no such file or directory; panel --probe --touch auto shows the devices that are there"
      )
      var events: [TouchEvent] = []
      make(other)
      input.read(into: &events)
      #expect(input.candidates.map(\.path) == [path, other], "the chosen one is still told of")
      unlink(other)
      for _ in 0..<2 {
        make(path)
        input.read(into: &events)
        #expect(input.summary == "no touch device; \(path): not taken, it is no input device")
        unlink(path)
        input.read(into: &events)
        #expect(input.summary.contains("\(path): not taken, no such file or directory"))
      }
    }
  }

  @Test("a link that names the device is followed again, though the directory says nothing of it")
  func chosenByLink() throws {
    try withDirectory { directory in
      let (name, first, second) = ("\(directory)/by-id", "\(directory)/event1", "\(directory)/event2")
      defer { unlink(name) }
      make(first)
      make(second)
      let input = try TouchInput(
        .device(name), geometry: geometry, directory: directory + "/none", pause: 1_000_000)
      #expect(input.summary.contains("\(name): not taken, no such file or directory"))
      let poll = try Poll()
      try poll.add(input.descriptor, tag: 0)
      var events: [TouchEvent] = []
      for node in [first, second] {
        unlink(name)
        symlink(node, name)
        let end = MonotonicClock.now() + 5_000_000_000
        while !input.candidates.contains(where: { $0.path == node }), MonotonicClock.now() < end {
          try poll.wait(timeout: 1000) { _, _ in input.read(into: &events) }
        }
        let found = input.candidates.first { $0.path == node }
        #expect(found?.description == "\(node): not taken, it is no input device")
        #expect(!input.candidates.contains { $0.path == name })
      }
      let changes = input.changes
      for _ in 0..<3 { try poll.wait(timeout: 1000) { _, _ in input.read(into: &events) } }
      #expect(input.changes == changes, "a look that finds nothing new is no change")
    }
  }

  /// A node that is no device.
  private func make(_ path: String) { close(open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)) }

  @Test("without a device the panel goes on and waits for one")
  func none() throws {
    try withDirectory { directory in
      let input = try TouchInput(.auto, geometry: geometry, directory: directory)
      #expect(input.devices.isEmpty && input.candidates.isEmpty)
      #expect(input.summary.hasPrefix("no touch device"))
    }
  }

  @Test("every node is looked at and told with the reason, those that come and go later too")
  func candidates() throws {
    try withDirectory { directory in
      make("\(directory)/event10")
      make("\(directory)/event2")
      make("\(directory)/mouse0")
      let input = try TouchInput(.auto, geometry: geometry, directory: directory)
      #expect(input.candidates.map(\.path) == ["\(directory)/event2", "\(directory)/event10"])
      #expect(input.candidates.allSatisfy { !$0.isTaken })
      #expect(input.candidates[0].description.contains("it is no input device"))
      let poll = try Poll()
      try poll.add(input.descriptor, tag: 0)
      var events: [TouchEvent] = []
      func settle() throws {
        var ready = true
        while ready {
          ready = false
          try poll.wait(timeout: 0) { _, _ in
            ready = true
            input.read(into: &events)
          }
        }
      }
      make("\(directory)/event3")
      try settle()
      #expect(input.candidates.count == 3)
      unlink("\(directory)/event3")
      unlink("\(directory)/event2")
      try settle()
      #expect(input.candidates.map(\.path) == ["\(directory)/event10"])
      #expect(events.isEmpty)
    }
  }

  @Test("the summary names what is taken and why each other is not, and nodes without permission together")
  func summary() {
    func closed(_ number: Int) -> TouchCandidate {
      let error = KernelError(
        "open", "/dev/input/event\(number)", errno: EACCES, next: "add the user to the group input")
      return TouchCandidate(path: "/dev/input/event\(number)", name: "", verdict: .closed(error))
    }
    let keyboard = TouchCandidate(path: "/dev/input/event1", name: "Keys", verdict: .refused("a keyboard"))
    let mouse = TouchCandidate(path: "/dev/input/event2", name: "Mouse", verdict: .taken(.mouse))
    func summary(_ candidates: TouchCandidate...) -> String {
      TouchCandidate.summary(of: candidates, in: "/dev/input")
    }
    #expect(
      summary(keyboard, mouse)
        == "Mouse (/dev/input/event2): taken, mouse; Keys (/dev/input/event1): not taken, a keyboard")
    #expect(
      summary(closed(3), closed(4))
        == "no touch device; 2 nodes of /dev/input: not taken, permission denied; add the user to the group input"
    )
    #expect(
      summary(closed(3))
        == "no touch device; /dev/input/event3: not taken, permission denied; add the user to the group input"
    )
    #expect(
      summary() == "no touch device: there is none in /dev/input; one that is plugged in is taken")
  }

  @Test("a directory of devices that comes later, or comes back, is found")
  func directoryAppears() throws {
    try withDirectory { parent in
      let directory = "\(parent)/event0"
      let input = try TouchInput(.auto, geometry: geometry, directory: directory)
      var events: [TouchEvent] = []
      for _ in 0..<2 {
        mkdir(directory, 0o700)
        close(open("\(directory)/event1", O_CREAT | O_RDWR | O_CLOEXEC, 0o600))
        input.read(into: &events)
        #expect(input.candidates.map(\.path) == ["\(directory)/event1"])
        unlink("\(directory)/event1")
        rmdir(directory)
        input.read(into: &events)
        #expect(input.candidates.isEmpty)
      }
    }
  }
}
