import Testing

@testable import Display

@Suite("the kernel's device events")
struct UeventTests {
  func message(_ fields: String...) -> [UInt8] { Array(fields.joined(separator: "\0").utf8) + [0] }

  @Test("a plugged cable is a change of its card")
  func hotplug() throws {
    let event = try #require(
      Uevents.Event(
        message(
          "change@/devices/pci0000:00/0000:00:02.0/drm/card0", "ACTION=change",
          "DEVPATH=/devices/pci0000:00/0000:00:02.0/drm/card0", "SUBSYSTEM=drm", "HOTPLUG=1",
          "DEVNAME=dri/card0",
          "DEVTYPE=drm_minor", "SEQNUM=4711", "MAJOR=226", "MINOR=0")))
    #expect(event.action == .change)
    #expect(event.node == "/dev/dri/card0")
  }

  @Test("a card and a framebuffer that come and go are named by their nodes")
  func nodes() {
    let gone = Uevents.Event(message("remove@/x", "ACTION=remove", "SUBSYSTEM=drm", "DEVNAME=dri/card1"))
    #expect(gone?.action == .remove && gone?.node == "/dev/dri/card1")
    let new = Uevents.Event(message("add@/x", "ACTION=add", "SUBSYSTEM=graphics", "DEVNAME=fb0"))
    #expect(new?.action == .add && new?.node == "/dev/fb0")
    let connector = Uevents.Event(message("add@/x", "ACTION=add", "SUBSYSTEM=drm"))
    #expect(connector?.node == "")
  }

  @Test("events of other subsystems, other actions, and noise are none")
  func others() {
    #expect(Uevents.Event(message("add@/x", "ACTION=add", "SUBSYSTEM=input", "DEVNAME=input/event3")) == nil)
    #expect(Uevents.Event(message("bind@/x", "ACTION=bind", "SUBSYSTEM=drm")) == nil)
    #expect(Uevents.Event(message("ACTION=", "SUBSYSTEM=drm", "=", "==")) == nil)
    #expect(Uevents.Event([]) == nil)
    #expect(Uevents.Event((0...255).map { UInt8($0) }) == nil)
  }
}
