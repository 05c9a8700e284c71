import Display
import Glibc
import Ink
import Kernel
import PNG
import Testing

@testable import Panel

/// Pictures for people; `deploy/gallery` runs it.
@Suite("Gallery")
struct Gallery {
  /// What `deploy/gallery` asks for.
  private static func wanted(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  @Test(
    "every picture as a PNG file in the directory that PANEL_GALLERY names, and all of them on one sheet",
    .enabled(if: getenv("PANEL_GALLERY") != nil, "PANEL_GALLERY names no directory"))
  func pictures() throws {
    guard let directory = Gallery.wanted("PANEL_GALLERY") else { return }
    mkdir(directory, 0o755)
    let only = Gallery.wanted("PANEL_GALLERY_ONLY")?.split(separator: ",")
    let accepts = Gallery.wanted("PANEL_GALLERY_ACCEPT") != nil
    if accepts { mkdir(GoldenTests.directory, 0o755) }
    let studio = try Studio()
    let pictures = Picture.all.filter { picture in
      only.map { $0.contains { picture.description.contains($0) } } ?? true
    }
    var sheet = ContactSheet(count: pictures.count)
    for picture in pictures {
      let surface = studio.render(picture)
      try Gallery.write(surface, to: "\(directory)/\(picture).png")
      sheet.add(surface)
      guard accepts else { continue }
      // One that looks the same stays as it is, so that only what changed grows the repository.
      let path = "\(GoldenTests.directory)/\(picture).png"
      let small = Miniature(surface)
      if let known = try? Miniature(png: try contentsOfFile(path, limit: 1 << 20)),
        known.differences(to: small).isEmpty
      {
        continue
      }
      try Gallery.write(try small.png, to: path)
    }
    try Gallery.write(sheet.surface, to: "\(directory)/sheet.png")
  }

  static func write(_ surface: borrowing Surface, to path: String) throws {
    try write(
      try PNG.encode(xrgb: surface.pixels, width: surface.width, height: surface.height, effort: .fast),
      to: path)
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(bytes, to: path)
  }
}

/// Many pictures side by side, each made small.
struct ContactSheet {
  private(set) var surface: Surface
  private static let cell = (width: 320, height: 200)
  private static let columns = 12
  private var count = 0

  init(count: Int) {
    let rows = (count + Self.columns - 1) / Self.columns
    surface = Surface(
      width: Self.columns * (Self.cell.width + 8) + 8, height: rows * (Self.cell.height + 8) + 8,
      color: Color(0x808080))
  }

  /// Adds a picture, as large as it fits into its cell, by the mean of the pixels that fall together.
  mutating func add(_ picture: borrowing Surface) {
    let (column, row) = (count % Self.columns, count / Self.columns)
    count += 1
    let height = min(Self.cell.height, Self.cell.width * picture.height / picture.width)
    let width = picture.width * height / picture.height
    let x0 = 8 + column * (Self.cell.width + 8) + (Self.cell.width - width) / 2
    let y0 = 8 + row * (Self.cell.height + 8) + (Self.cell.height - height) / 2
    for y in 0..<height {
      for x in 0..<width {
        let (left, right) = (x * picture.width / width, (x + 1) * picture.width / width)
        let (top, bottom) = (y * picture.height / height, (y + 1) * picture.height / height)
        var (red, green, blue, n) = (0, 0, 0, 0)
        for py in top..<max(top + 1, bottom) {
          for px in left..<max(left + 1, right) {
            guard let color = picture[x: px, y: py] else { continue }
            red += Int(color.red)
            green += Int(color.green)
            blue += Int(color.blue)
            n += 1
          }
        }
        surface.fill(
          PixelRect(x: x0 + x, y: y0 + y, width: 1, height: 1),
          Color(red: UInt8(red / max(1, n)), green: UInt8(green / max(1, n)), blue: UInt8(blue / max(1, n))))
      }
    }
  }
}
