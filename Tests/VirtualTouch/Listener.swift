import DescribedDevices
import Glibc
import Kernel
import Touch

/// A panel's ear: a TouchInput, and what it heard.
final class Listener {
  let input: TouchInput
  private(set) var events: [TouchEvent] = []
  private let poll: Poll

  init(
    _ selection: TouchSelection = .auto, geometry: TouchGeometry = TouchGeometry(width: 1280, height: 800),
    budget: Int = 4096
  )
    throws(KernelError)
  {
    input = try TouchInput(selection, geometry: geometry, budget: budget, pause: 200_000_000)
    poll = try Poll()
    try poll.add(input.descriptor, tag: 0)
  }

  /// Listens until `condition` holds, at most two seconds; returns whether it does.
  @discardableResult
  func listen(until condition: (Listener) -> Bool) throws(KernelError) -> Bool {
    let end = MonotonicClock.now() + 2_000_000_000
    while !condition(self) {
      if MonotonicClock.now() > end { return false }
      try poll.wait(timeout: 20) { _, _ in input.read(into: &events) }
    }
    return true
  }

  /// Listens until nothing has come for 50 ms.
  func listenUntilQuiet() throws(KernelError) {
    var isQuiet = false
    while !isQuiet {
      isQuiet = true
      try poll.wait(timeout: 50) { _, _ in
        isQuiet = false
        input.read(into: &events)
      }
    }
  }

  /// One call of read, as a main loop would make it.
  func readOnce() { input.read(into: &events) }

  /// What was heard, which is then forgotten.
  func take() -> [TouchEvent] {
    defer { events.removeAll(keepingCapacity: true) }
    return events
  }

  /// Whether a device with this node is in use.
  func uses(_ path: String) -> Bool { input.devices.contains { $0.path == path } }

  /// Makes a device and waits until it is in use.
  func plug(_ device: DescribedDevice) throws -> HeldDevice {
    let made = try HeldDevice(device.description)
    guard try listen(until: { $0.uses(made.path) }) else {
      throw CheckFailure("\(device.key) at \(made.path) was not taken: \(input.summary)")
    }
    return made
  }
}

/// A check that failed, with what was seen.
struct CheckFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Fails a check.
func expect(_ condition: Bool, _ seen: @autoclosure () -> String) throws(CheckFailure) {
  if !condition { throw CheckFailure(seen()) }
}
