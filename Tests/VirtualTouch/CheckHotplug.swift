import DescribedDevices
import Glibc
import Kernel
import Touch

extension Check {
  static func unplugged() throws {
    let listener = try Listener()
    var held: HeldDevice? = try listener.plug(.usbTenPoint)
    let first = held?.path ?? ""
    try held?.send(down)
    // What is not read when a device goes is gone with it.
    try listener.listenUntilQuiet()
    held = nil
    // Another device takes the number.
    let other = try HeldDevice(DescribedDevice.keyboard.description)
    try listener.listen { !$0.uses(first) }
    let phases = listener.take().map(\.phase)
    try expect(phases == [.down, .cancel], "heard \(phases)")
    try expect(listener.input.devices.isEmpty, "it is still in use")
    let again = try listener.plug(.usbTenPoint)
    try expect(again.path != first, "it came back as \(first); \(other.path) took another number")
    try again.send(down)
    try again.send(up)
    try listener.listenUntilQuiet()
    let heard = listener.take()
    try expect(heard.map(\.phase) == [.down, .up], "after it came back: heard \(heard.map(\.phase))")
    try expect(listener.input.counters.cancelled == 1, "\(listener.input.counters)")
  }

  static func chosenUnplugged() throws {
    var held: HeldDevice? = try HeldDevice(DescribedDevice.raspberryPi7.description)
    let first = held?.path ?? ""
    let mouse = try HeldDevice(DescribedDevice.mouse.description)
    let listener = try Listener(.device(first))
    try expect(listener.uses(first) && !listener.uses(mouse.path), listener.input.summary)
    held = nil
    let other = try HeldDevice(DescribedDevice.usbTenPoint.description)
    try listener.listen { !$0.uses(first) }
    let again = try listener.plug(.raspberryPi7)
    try expect(again.path != first, "it came back as \(first)")
    try expect(listener.input.devices.count == 1 && !listener.uses(other.path), listener.input.summary)
  }

  static func pluggedBeside() throws {
    let listener = try Listener()
    let held = try listener.plug(.usbTenPoint)
    try held.send(down)
    var mouse: HeldDevice? = try listener.plug(.mouse)
    try held.send([(EventType.abs, AbsCode.positionX, 8100)])
    try mouse?.send([(EventType.rel, RelCode.x, 5)])
    try listener.listenUntilQuiet()
    mouse = nil
    try listener.listenUntilQuiet()
    try held.send(up)
    try listener.listenUntilQuiet()
    let heard = listener.take()
    let finger = heard.filter { $0.pointer == .finger }
    try expect(finger.map(\.phase) == [.down, .move, .up], "the finger: heard \(finger.map(\.phase))")
    try expect(heard.filter { $0.pointer == .mouse }.map(\.phase) == [.hover], "the mouse was not heard")
    try expect(Set(finger.map(\.contact)).count == 1, "the finger has several contacts")
  }

  /// Does something as a user without rights.
  private static func asNobody<Result>(_ body: () throws -> Result) throws -> Result {
    guard seteuid(65534) == 0 else { throw CheckFailure("it must be run as root") }
    defer { seteuid(0) }
    return try body()
  }

  static func permission() throws {
    let listener = try asNobody { try Listener() }
    let held = try HeldDevice(DescribedDevice.usbTenPoint.description)
    chmod(held.path, 0o600)
    try asNobody { try listener.listenUntilQuiet() }
    let refused = listener.input.candidates.first { $0.path == held.path }?.description ?? ""
    try expect(
      refused.contains("permission denied; add the user to the group input"), "before: \(refused)")
    chmod(held.path, 0o644)
    try asNobody { try listener.listenUntilQuiet() }
    try expect(listener.uses(held.path), "after: \(listener.input.summary)")
    try held.send(down)
    try listener.listenUntilQuiet()
    try expect(listener.take().map(\.phase) == [.down], "it was not heard")
  }

  static func chosenWithoutPermission() throws {
    let held = try HeldDevice(DescribedDevice.usbTenPoint.description)
    chmod(held.path, 0o600)
    let listener = try asNobody { try Listener(.device(held.path)) }
    let seen = listener.input.summary
    try expect(
      seen.contains("no touch device; ")
        && seen.contains("permission denied; add the user to the group input"), seen)
    chmod(held.path, 0o644)
    try asNobody { try listener.listenUntilQuiet() }
    try expect(listener.uses(held.path), "after: \(listener.input.summary)")
  }

  static func chosenLater() throws {
    // A link comes after its node and without a word of the watched directory.
    let link = "/tmp/chosen-\(getpid())"
    defer { unlink(link) }
    let listener = try Listener(.device(link))
    let seen = listener.input.summary
    try expect(seen.contains(link) && seen.contains("no such file or directory"), seen)
    let other = try HeldDevice(DescribedDevice.mouse.description)
    var held: HeldDevice? = try HeldDevice(DescribedDevice.usbTenPoint.description)
    try listener.listenUntilQuiet()
    try expect(listener.input.devices.isEmpty, listener.input.summary)
    let first = held?.path ?? ""
    symlink(first, link)
    try listener.listen { $0.uses(first) }
    try expect(listener.uses(first) && !listener.uses(other.path), listener.input.summary)
    held = nil
    unlink(link)
    try listener.listen { !$0.uses(first) }
    // Another device at the same port: the link goes on naming what was chosen.
    let next = try HeldDevice(DescribedDevice.raspberryPi7.description)
    symlink(next.path, link)
    try listener.listen { $0.uses(next.path) }
    try expect(listener.uses(next.path), listener.input.summary)
  }
}
