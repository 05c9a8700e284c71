import Display
import Glibc
import Kernel
import PNG
import Recognizer
import Settings
import Testing

@testable import Panel

@Suite("Gallery")
struct Gallery {
  @Test(
    "every screen at every size as PNG files in the directory that PANEL_GALLERY names",
    .enabled(if: getenv("PANEL_GALLERY") != nil, "PANEL_GALLERY names no directory"))
  func pictures() throws {
    guard let directory = getenv("PANEL_GALLERY").map({ String(cString: $0) }) else { return }
    mkdir(directory, 0o755)
    let letters = Lettering(
      regular: try Typeface(inter: .regular), strong: try Typeface(inter: .semiBold))
    let view = BoothView(theme: .dark, letters: letters, title: "Digit Panel")
    let model = try AssetSearch().find("model/digits.safetensors")
    var recognizer = try Recognizer(model: try contentsOfFile(model, limit: 1 << 20))
    let rows = ["Amber Otter", "Swift Heron", "Calm Crane", "Test Wren", "Jolly Ibex", "Lucky Lynx"]
    let board = Scoreboard(
      prompt: 3, own: 12, rank: 4, total: 1284,
      board: rows.enumerated().map {
        Scoreboard.Row(rank: $0 + 1, name: $1, count: 40 - 7 * $0, own: $1 == "Test Wren")
      })
    for (width, height) in LayoutTests.sizes {
      var visitor = Visitor(width: width, height: height)
      _ = visitor.booth.update(board)
      func save(_ name: String) throws {
        var surface = Surface(
          width: visitor.booth.layout.bounds.width, height: visitor.booth.layout.bounds.height)
        _ = view.draw(.everything, of: visitor.booth, on: &surface)
        let bytes = try PNG.encode(xrgb: surface.pixels, width: surface.width, height: surface.height)
        let path = "\(directory)/\(name)-\(width)x\(height).png"
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        try file.writeAll(bytes, to: path)
      }
      visitor.drawSeven()
      try save("challenge")
      visitor.tap(.submit)
      _ = visitor.booth.saved(Visitor.saved, board, at: visitor.now)
      try save("saved")
      visitor.tap(.freePlayTab)
      visitor.drawSeven()
      _ = visitor.booth.read(
        recognizer.read(canvas: visitor.booth.sketch.canvas.pixels, width: 280, height: 280))
      try save("freeplay")
      visitor.tap(.challengeTab)
      visitor.drawSeven()
      visitor.tap(.submit)
      _ = visitor.booth.failed("cannot store a drawing in /var/lib/panel: no space left on device")
      try save("failing")
      visitor.wait(33_000)
      try save("still-there")
    }
  }
}
