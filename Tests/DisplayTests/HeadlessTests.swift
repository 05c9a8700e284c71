import Glibc
import Ink
import Kernel
import PNG
import Testing

@testable import Display

@Suite("a screen without a display")
struct HeadlessTests {
  /// A directory of its own, removed with all that is in it.
  final class Directory {
    let path: String

    init() throws {
      var template = Array("/tmp/display-XXXXXX".utf8CString)
      let made = template.withUnsafeMutableBufferPointer { buffer -> Bool in
        buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
      }
      try #require(made)
      path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
      for number in 1...9 { unlink("\(path)/frames/frame-00000\(number).png") }
      rmdir("\(path)/frames")
      rmdir(path)
    }
  }

  @Test("every flip is a numbered picture of the whole panel, upright", arguments: Rotation.allCases)
  func frames(rotation: Rotation) throws {
    let directory = try Directory()
    let request = DisplayRequest(
      kind: .headless(width: 120, height: 80), rotation: rotation, frames: directory.path + "/frames")
    let screen = try Screen(request) { Issue.record("\($0)") }
    defer { screen.close() }
    let size = rotation.swapsAxes ? (80, 120) : (120, 80)
    #expect((screen.width, screen.height) == size)
    #expect(screen.state == .lit)
    screen.surface.fill(PixelRect(x: 3, y: 4, width: 5, height: 6), Color(0x123456))
    screen.flip()
    screen.surface.fill(screen.surface.bounds, .white)
    screen.show(screen.surface.bounds)
    screen.flip()
    for (number, expected) in [(1, Color(0x123456)), (2, Color.white)] {
      let file = try contentsOfFile("\(directory.path)/frames/frame-00000\(number).png", limit: 1 << 20)
      let image = try PNG.decode(file)
      #expect((image.width, image.height) == size)
      let at = (5 * image.width + 4) * 4
      #expect(Color(red: image.rgba[at], green: image.rgba[at + 1], blue: image.rgba[at + 2]) == expected)
    }
  }

  @Test("a directory that cannot be made is a sentence")
  func badDirectory() {
    let request = DisplayRequest(kind: .headless(width: 100, height: 100), frames: "/nowhere/at/all")
    do {
      _ = try Screen(request) { _ in }
      Issue.record("a screen without its directory")
    } catch {
      #expect(
        error.description
          == "cannot make directory /nowhere/at/all: no such file or directory; give a directory that can be written"
      )
    }
  }

  @Test("a picture that cannot be written is told once, and the screen goes on")
  func fullDisk() throws {
    var lines: [String] = []
    let screen = try Screen(DisplayRequest(kind: .headless(width: 64, height: 64), frames: "/proc")) {
      lines.append($0)
    }
    for _ in 0..<5 { screen.flip() }
    #expect(lines.count == 1 && lines[0].hasPrefix("cannot open /proc/frame-000001.png: "))
    #expect(screen.state == .lit)
  }

  @Test("closing twice is closing once")
  func close() throws {
    let screen = try Screen(DisplayRequest(kind: .headless(width: 64, height: 64))) { _ in }
    #expect(screen.handleEvents().isEmpty)
    #expect(screen.summary == "display: headless, 64x64")
    screen.close()
    screen.close()
  }
}
