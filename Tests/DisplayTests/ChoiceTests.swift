import Glibc
import Kernel
import Testing

@testable import Display

@Suite("which display is taken")
struct ChoiceTests {
  static let mode = DisplayMode(width: 1280, height: 800, refresh: 59_910, isPreferred: true)

  static func connector(
    _ name: String, _ status: ConnectorReport.Status = .connected, id: UInt32 = 7,
    modes: [DisplayMode] = [mode]
  ) -> ConnectorReport {
    ConnectorReport(
      id: id, name: name, status: status, modes: status == .disconnected ? [] : modes, crtcs: [3])
  }

  static func card(_ number: Int, _ connectors: ConnectorReport...) -> CardReport {
    CardReport(path: "/dev/dri/card\(number)", driver: "vc4", outcome: .usable(connectors))
  }

  static func framebuffer(_ number: Int, _ driver: String) throws -> FramebufferReport {
    let layout = try ScanoutLayout(
      width: 800, height: 480, stride: 1600, format: .rgb565, size: 1600 * 480, of: "fake")
    return FramebufferReport(path: "/dev/fb\(number)", driver: driver, outcome: .usable(layout))
  }

  static let noKMS = CardReport(
    path: "/dev/dri/card0", driver: "",
    outcome: .refused(KernelError("use", "/dev/dri/card0", reason: "it has no KMS")))
  static let forbidden = CardReport(
    path: "/dev/dri/card0",
    outcome: .refused(
      KernelError("open", "/dev/dri/card0", errno: EACCES, next: "add the user to the group video")))
  static let held = CardReport(
    path: "/dev/dri/card0", driver: "i915", outcome: .busy(DRMCard.held("/dev/dri/card0", errno: EBUSY)))

  func taken(_ choice: DisplayChoice) -> String {
    switch choice.verdict {
    case .connector(let card, let connector, let mode): "\(card) \(connector.name) \(mode)"
    case .framebuffer(let path, _): path
    case .wait(let reason): "wait: \(reason)"
    case .refused(let error): "\(error)"
    }
  }

  @Test("the card with KMS and a connected connector is taken, whatever its number")
  func anyNumber() {
    let display = Self.card(1, Self.connector("HDMI-A-2", .disconnected), Self.connector("HDMI-A-1"))
    let choice = DisplayChoice.make(DisplayRequest(), cards: [Self.noKMS, display], framebuffers: [])
    #expect(taken(choice) == "/dev/dri/card1 HDMI-A-1 1280x800@60")
    #expect(
      choice.refusals == [
        "/dev/dri/card0: it has no KMS", "HDMI-A-2 of /dev/dri/card1 (vc4): not connected",
      ])
    let empty = Self.card(0, Self.connector("HDMI-A-1", .disconnected))
    let second = DisplayChoice.make(
      DisplayRequest(), cards: [empty, Self.card(1, Self.connector("DP-1"))], framebuffers: [])
    #expect(taken(second) == "/dev/dri/card1 DP-1 1280x800@60")
  }

  @Test("a built-in display goes before a plugged one, and one that cannot tell comes last")
  func ranks() {
    let unknown = Self.connector("Composite-1", .unknown)
    let cards = [Self.card(0, unknown, Self.connector("HDMI-A-1")), Self.card(1, Self.connector("DSI-1"))]
    #expect(
      taken(DisplayChoice.make(DisplayRequest(), cards: cards, framebuffers: [])).contains("card1 DSI-1"))
    #expect(
      taken(DisplayChoice.make(DisplayRequest(), cards: [cards[0]], framebuffers: [])).contains("HDMI-A-1"))
    #expect(
      taken(DisplayChoice.make(DisplayRequest(), cards: [Self.card(0, unknown)], framebuffers: []))
        .contains("Composite-1"))
  }

  @Test("a card that may not be opened yet, or is held, is looked at again, also while another one waits")
  func forbiddenYet() throws {
    let empty = Self.card(1, Self.connector("HDMI-A-1", .disconnected))
    func looksAgain(_ cards: [CardReport], _ framebuffers: [FramebufferReport] = []) -> Bool {
      DisplayChoice.make(DisplayRequest(), cards: cards, framebuffers: framebuffers).looksAgain(cards)
    }
    #expect(looksAgain([Self.forbidden, empty]))
    #expect(looksAgain([Self.held, empty]))
    #expect(looksAgain([Self.held, empty], [try Self.framebuffer(0, "simple")]))
    #expect(looksAgain([Self.forbidden], [try Self.framebuffer(0, "simple")]))
    #expect(looksAgain([Self.forbidden]) && looksAgain([Self.held]) && looksAgain([Self.noKMS]))
    #expect(!looksAgain([empty]), "the kernel tells when a display is plugged in")
    #expect(!looksAgain([Self.noKMS, empty]))
    for other in [Self.forbidden, Self.held] {
      #expect(!looksAgain([other, Self.card(1, Self.connector("HDMI-A-1"))]))
    }
  }

  @Test("a display in use is kept when a better one is plugged in")
  func kept() {
    let cards = [Self.card(0, Self.connector("DSI-1")), Self.card(1, Self.connector("HDMI-A-1"))]
    let choice = DisplayChoice.make(
      DisplayRequest(), cards: cards, framebuffers: [],
      holding: .init(card: "/dev/dri/card1", connector: "HDMI-A-1"))
    #expect(taken(choice).contains("card1 HDMI-A-1"))
  }

  @Test("the connector that is asked for is taken, waited for, or named with those there are")
  func asked() {
    let cards = [
      Self.card(
        0, Self.connector("HDMI-A-1"), Self.connector("HDMI-A-2", id: 8),
        Self.connector("DP-1", .disconnected))
    ]
    func choose(_ name: String) -> DisplayChoice {
      DisplayChoice.make(DisplayRequest(kind: .drm(connector: name)), cards: cards, framebuffers: [])
    }
    #expect(taken(choose("HDMI-A-2")).contains("HDMI-A-2"))
    #expect(choose("HDMI-A-2").refusals.contains("HDMI-A-1 of /dev/dri/card0 (vc4): HDMI-A-2 was asked for"))
    #expect(
      taken(choose("DP-1"))
        == "wait: nothing is connected to DP-1 of /dev/dri/card0 (vc4); plug a display in, or name another with --display"
    )
    #expect(
      taken(choose("DSI-1"))
        == "cannot find connector DSI-1: no card has it; take one of HDMI-A-1, HDMI-A-2, DP-1")
  }

  @Test("nothing connected is something to wait for, not an error")
  func nothingConnected() throws {
    let empty = Self.card(0, Self.connector("HDMI-A-1", .disconnected))
    let choice = DisplayChoice.make(
      DisplayRequest(), cards: [empty], framebuffers: [try Self.framebuffer(0, "vc4drmfb")])
    #expect(
      taken(choice)
        == "wait: nothing is connected to HDMI-A-1 of /dev/dri/card0 (vc4); plug a display in, or name another with --display"
    )
    #expect(choice.refusals.contains("/dev/fb0 (vc4drmfb): another way to a card of DRM"))
  }

  @Test("a framebuffer of its own is taken where DRM has no display")
  func framebuffer() throws {
    let own = try Self.framebuffer(1, "fb_ili9486")
    let empty = Self.card(0, Self.connector("HDMI-A-1", .disconnected))
    for cards in [[], [empty], [Self.held], [Self.noKMS], [Self.forbidden]] {
      let choice = DisplayChoice.make(
        DisplayRequest(), cards: cards, framebuffers: [try Self.framebuffer(0, "vc4drmfb"), own])
      let isEmulatedFree = cards.isEmpty || cards == [Self.noKMS] || cards == [Self.forbidden]
      #expect(taken(choice) == (isEmulatedFree ? "/dev/fb0" : "/dev/fb1"))
      #expect(choice.refusals.count == cards.count + 1)
    }
    let drm = DisplayChoice.make(
      DisplayRequest(), cards: [Self.card(0, Self.connector("DSI-1"))], framebuffers: [own])
    #expect(taken(drm).contains("DSI-1"))
    #expect(drm.refusals == ["/dev/fb1 (fb_ili9486): DRM goes before fbdev"])
  }

  @Test("the framebuffer that is asked for is taken, also an emulated one")
  func askedFramebuffer() throws {
    let both = [try Self.framebuffer(0, "vc4drmfb"), try Self.framebuffer(1, "fb_ili9486")]
    func choose(_ device: String?) -> String {
      taken(DisplayChoice.make(DisplayRequest(kind: .fbdev(device: device)), cards: [], framebuffers: both))
    }
    #expect(choose(nil) == "/dev/fb0")
    #expect(choose("/dev/fb1") == "/dev/fb1")
    #expect(
      choose("/dev/fb7") == "cannot find /dev/fb7: there is no such device; load the driver of the display")
  }

  @Test("another program's display is never drawn over by way of its framebuffer")
  func heldCard() throws {
    let choice = DisplayChoice.make(
      DisplayRequest(), cards: [Self.held], framebuffers: [try Self.framebuffer(0, "i915drmfb")])
    #expect(
      taken(choice)
        == "cannot use /dev/dri/card0: device or resource busy; another program (a display server) holds the "
        + "display; stop it or switch to a free console")
  }

  @Test("where nothing can be taken the error is the one that a person can do something about")
  func errors() {
    func error(_ cards: [CardReport]) -> String {
      taken(DisplayChoice.make(DisplayRequest(), cards: cards, framebuffers: []))
    }
    #expect(
      error([Self.noKMS, Self.forbidden])
        == "cannot open /dev/dri/card0: permission denied; add the user to the group video")
    #expect(error([Self.noKMS]) == "cannot use /dev/dri/card0: it has no KMS")
    #expect(error([]).hasPrefix("cannot find a display: there is no /dev/dri/card* and no /dev/fb*; "))
  }

  @Test("a mode that is not there is told, and the display's own is taken")
  func missingMode() {
    let request = DisplayRequest(mode: .init(width: 1920, height: 1080))
    let choice = DisplayChoice.make(
      request, cards: [Self.card(0, Self.connector("DSI-1"))], framebuffers: [])
    #expect(taken(choice).hasSuffix("1280x800@60"))
    #expect(choice.missingMode == "DSI-1 has no mode 1920x1080; it has 1280x800@60")
  }

  @Test(
    "connectors are named as the kernel names them",
    arguments: [
      (1, "VGA-1"), (11, "HDMI-A-1"), (10, "DP-1"), (14, "eDP-1"), (16, "DSI-1"), (17, "DPI-1"),
      (19, "SPI-1"),
      (15, "Virtual-1"), (0, "Unknown-1"), (999, "Unknown-1"),
    ])
  func names(type: UInt32, name: String) {
    #expect(ConnectorReport.name(type: type, number: 1) == name)
  }

  @Test("a writeback connector is no display")
  func writeback() {
    let cards = [
      Self.card(0, Self.connector("Writeback-1", .unknown), Self.connector("HDMI-A-1", .disconnected))
    ]
    let choice = DisplayChoice.make(DisplayRequest(), cards: cards, framebuffers: [])
    #expect(taken(choice).hasPrefix("wait: nothing is connected to HDMI-A-1"))
    #expect(choice.refusals.contains("Writeback-1 of /dev/dri/card0 (vc4): no display"))
  }
}
