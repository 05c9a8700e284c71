import Ink
import Kernel
import Testing

@testable import Display

@Suite("what display is asked for")
struct RequestTests {
  @Test(
    "every form of the option is read",
    arguments: [
      ("auto", DisplayRequest.Kind.auto), ("drm", .drm(connector: nil)),
      ("drm:HDMI-A-1", .drm(connector: "HDMI-A-1")), ("fbdev", .fbdev(device: nil)),
      ("fbdev:/dev/fb1", .fbdev(device: "/dev/fb1")),
      ("headless:1280x800", .headless(width: 1280, height: 800)),
      ("headless:64x8192", .headless(width: 64, height: 8192)),
    ])
  func forms(text: String, kind: DisplayRequest.Kind) throws {
    #expect(try DisplayRequest.parse(display: text).kind == kind)
  }

  @Test(
    "wrong text is a sentence that quotes it",
    arguments: [
      "", "Auto", "drm:", "fbdev:", "headless", "headless:", "headless:1280", "headless:63x64",
      "headless:9000x64",
      "headless:-100x100", "headless:1280x800x2", "headless: 100x100", "headless:99999999999999999999x100",
      "x11",
      "auto:1",
    ])
  func wrongForms(text: String) {
    do {
      _ = try DisplayRequest.parse(display: text)
      Issue.record("\(text) was read")
    } catch {
      #expect(error.description.hasPrefix("cannot use display \"\(text)\": "))
    }
  }

  @Test("the four rotations are read, and nothing else")
  func rotations() throws {
    for rotation in Rotation.allCases {
      #expect(try DisplayRequest.parse(rotation: "\(rotation.rawValue)").rotation == rotation)
    }
    for text in ["", "45", "-90", "+90", "90°", "360"] {
      #expect(throws: KernelError.self) { try DisplayRequest.parse(rotation: text) }
    }
  }

  @Test("a mode is a size and perhaps a rate")
  func modes() throws {
    #expect(try DisplayRequest.parse().mode == nil)
    #expect(try DisplayRequest.parse(mode: "1280x800").mode == .init(width: 1280, height: 800))
    #expect(
      try DisplayRequest.parse(mode: "720x1280@50").mode == .init(width: 720, height: 1280, refresh: 50))
    #expect(DisplayRequest.Mode(width: 720, height: 1280, refresh: 50).description == "720x1280@50")
    for text in ["1280", "1280x800@", "1280x800@0", "1280x800@60@60", "@60", "1280x800i"] {
      #expect(throws: KernelError.self) { try DisplayRequest.parse(mode: text) }
    }
  }

  @Test("frames are only for a headless display")
  func frames() throws {
    #expect(try DisplayRequest.parse(display: "headless:100x100", frames: "out").frames == "out")
    #expect(throws: KernelError.self) { try DisplayRequest.parse(display: "auto", frames: "out") }
  }
}
