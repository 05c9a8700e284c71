import Display
import Glibc
import Ink
import Kernel
import PNG
import Testing

@testable import Panel

/// The golden pictures: what every screen looked like when somebody last looked at it and found it good.
///
/// `deploy/gallery --accept` makes them anew after a change that is meant; deploy/gallery shows them all on one sheet.
@Suite("Golden pictures")
struct GoldenTests {
  /// Where they lie, by the name of the picture.
  static let directory =
    #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Golden"

  /// A share of all pictures each, so that several threads draw.
  @Test("every screen looks as it did when it was last looked at", arguments: 0..<4)
  func golden(part: Int) throws {
    let studio = try Studio()
    for (index, picture) in Picture.all.enumerated() where index % 4 == part {
      let surface = studio.render(picture)
      let found = Miniature(surface)
      let path = "\(Self.directory)/\(picture).png"
      guard let bytes = try? contentsOfFile(path, limit: 1 << 20) else {
        Issue.record("there is no golden picture of \(picture); look at it and run deploy/gallery --accept")
        continue
      }
      let golden = try Miniature(png: bytes)
      let cells = found.differences(to: golden)
      guard !cells.isEmpty else { continue }
      let shown = try Self.show(cells, of: picture, surface)
      Issue.record("\(picture) looks different in \(cells.count) places: \(shown)")
    }
  }

  @Test("the golden pictures take less than two megabytes, and none is left of a picture that is no more")
  func size() throws {
    var bytes = 0
    let known = Set(Picture.all.map { "\($0).png" })
    for name in try Directory.names(at: Self.directory) where name.hasSuffix(".png") {
      #expect(known.contains(name), "\(name) is of no picture; deploy/gallery --accept takes it away")
      bytes += try contentsOfFile("\(Self.directory)/\(name)", limit: 1 << 20).count
    }
    #expect(bytes < 2_000_000)
  }

  @Test("an element that has moved by two pixels is seen, another way to smooth edges is not")
  func sensitivity() throws {
    let studio = try Studio()
    let picture = Picture(scene: .thanks, width: 800, height: 480)
    let surface = studio.render(picture)
    let golden = try Miniature(png: try Miniature(surface).png)
    #expect(Miniature(surface).differences(to: golden).isEmpty)
    let layout = Layout(width: 800, height: 480)
    for rect in [layout.submit, layout.undo, layout.message, layout.challengeTab] {
      var moved = surface
      moved.fill(rect, Theme.dark.ground)
      moved.copy(rect, of: surface, x: rect.x + 2, y: rect.y)
      #expect(!Miniature(moved).differences(to: golden).isEmpty, "\(rect) moved")
    }
    // A rasteriser with another gamma: what lies at an edge comes out a little lighter.
    var smoothed = Surface(width: surface.width, height: surface.height)
    for y in 0..<surface.height {
      for x in 0..<surface.width {
        guard let color = surface[x: x, y: y] else { continue }
        let isEdge =
          [(1, 0), (-1, 0), (0, 1), (0, -1)].contains {
            (surface[x: x + $0.0, y: y + $0.1] ?? color) != color
          }
        smoothed.fill(
          PixelRect(x: x, y: y, width: 1, height: 1), isEdge ? color.mixed(with: .white, 6) : color)
      }
    }
    #expect(Miniature(smoothed).differences(to: golden).isEmpty)
  }

  /// Writes the picture with the places framed that differ.
  ///
  /// - Returns: the file's path.
  private static func show(
    _ cells: [(x: Int, y: Int)], of picture: Picture, _ surface: borrowing Surface
  ) throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    var path = root
    for part in ["out", "test", "pictures"] {
      path += "/" + part
      mkdir(path, 0o755)
    }
    var marked = copy surface
    let side = Miniature.cell(width: surface.width)
    marked.fill(marked.bounds, .black, opacity: 96)
    for cell in cells {
      let rect = PixelRect(x: cell.x * side, y: cell.y * side, width: side, height: side)
      marked.copy(rect, of: surface, x: rect.x, y: rect.y)
    }
    for cell in cells {
      let rect = PixelRect(x: cell.x * side, y: cell.y * side, width: side, height: side)
      marked.stroke(rect.inset(by: -2), Color(0xFF2D55), thickness: 2)
    }
    path += "/\(picture).png"
    try Gallery.write(marked, to: path)
    return path
  }
}
