import DataSet
import Display
import Glibc
import Ink
import Kernel
import PNG
import Spool

/// Pages of many small drawings to look at, each with its number in the list of verdicts, the digit that was asked for and
/// what was read.
struct ContactSheet {
  /// A drawing on the sheet.
  struct Tile {
    /// From 1, over all pages.
    let number: Int
    let sample: Sample
    let verdict: Verdict?
  }

  static let columns = 14
  static let rows = 8
  /// Drawings on a page.
  static let perPage = columns * rows

  private static let thumb = 70
  private static let (cellWidth, cellHeight) = (112, 124)
  private static let margin = 20
  private static let head = 56
  static let width = 2 * margin + columns * cellWidth
  static let height = head + margin + rows * cellHeight

  private static let paper = Color(0xFFFFFF)
  private static let text = Color(0x1A1A1A)
  private static let faint = Color(0x6B6B6B)
  /// Reads otherwise than it was asked for: by hue and by a frame, so that it does not hang on the colour.
  private static let alarm = Color(0xB3261E)
  private static let ground = Color(0xF4F4F4)

  /// Whether a file begins as a page does: a PNG file of its size.
  static func isPage(_ path: String) -> Bool {
    guard let file = try? FileDescriptor.open(path, O_RDONLY) else { return false }
    var bytes = [UInt8](repeating: 0, count: 24)
    guard bytes.withUnsafeMutableBytes({ read(file.raw, $0.baseAddress, $0.count) }) == bytes.count,
      bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
    else { return false }
    let sides = [bytes[16..<20], bytes[20..<24]].map { $0.reduce(0) { $0 << 8 | Int($1) } }
    return sides == [width, height]
  }

  private let regular: Typeface
  private let strong: Typeface
  private let pictures = DrawingReader()

  init() throws(KernelError) {
    regular = try Typeface(inter: .regular)
    strong = try Typeface(inter: .semiBold)
  }

  /// A page as a PNG file.
  ///
  /// - Parameters:
  ///   - tiles: at most ``perPage``.
  ///   - page, pages: from 1.
  func page(_ tiles: [Tile], page: Int, of pages: Int) throws(PNGError) -> [UInt8] {
    var surface = Surface(width: ContactSheet.width, height: ContactSheet.height, color: ContactSheet.paper)
    let baseline = ContactSheet.margin + 16
    strong.draw(
      "Asked for, then what was read: the worst disagreement first", on: &surface, x: ContactSheet.margin,
      baseline: baseline, size: 18, color: ContactSheet.text)
    regular.draw(
      "page \(page) of \(pages)", on: &surface, x: ContactSheet.width - ContactSheet.margin,
      baseline: baseline, size: 16, color: ContactSheet.faint, alignment: .right)
    for (place, tile) in tiles.prefix(ContactSheet.perPage).enumerated() {
      let x = ContactSheet.margin + place % ContactSheet.columns * ContactSheet.cellWidth
      let y = ContactSheet.head + place / ContactSheet.columns * ContactSheet.cellHeight
      try draw(tile, on: &surface, x: x, y: y)
    }
    return try PNG.encode(xrgb: surface.pixels, width: surface.width, height: surface.height)
  }

  private func draw(_ tile: Tile, on surface: inout Surface, x: Int, y: Int) throws(PNGError) {
    let side = ContactSheet.thumb
    let left = x + (ContactSheet.cellWidth - side) / 2
    let reading = Reading(tile.sample)
    if reading.disagrees {
      surface.fill(PixelRect(x: left - 3, y: y - 3, width: side + 6, height: side + 6), ContactSheet.alarm)
    }
    surface.fill(PixelRect(x: left, y: y, width: side, height: side), ContactSheet.ground)
    surface.blend(
      mask: try thumbnail(tile.sample.png), maskWidth: side, maskHeight: side, x: left, y: y,
      color: .black)
    let middle = x + ContactSheet.cellWidth / 2
    strong.draw(
      "\(tile.sample.label) → \(reading.words)", on: &surface, x: middle, baseline: y + side + 19, size: 15,
      color: reading.disagrees ? ContactSheet.alarm : ContactSheet.text, alignment: .center)
    regular.draw(
      "#\(tile.number)\(ContactSheet.words(tile.verdict))", on: &surface, x: middle, baseline: y + side + 36,
      size: 12, color: ContactSheet.faint, alignment: .center)
  }

  private static func words(_ verdict: Verdict?) -> String {
    switch verdict {
    case nil: ""
    case .accept: " accepted"
    case .reject: " rejected"
    case .relabel(let digit): " is a \(digit)"
    }
  }

  /// The drawing at a quarter: each pixel the mean of 4 x 4.
  private func thumbnail(_ png: [UInt8]) throws(PNGError) -> [UInt8] {
    try pictures.read(png)
    let rows = pictures.rows
    let side = ContactSheet.thumb
    let cell = Canvas.side / side
    var sums = [Int](repeating: 0, count: side * side)
    for y in 0..<Canvas.side {
      let start = y * DrawingReader.stride + 1
      for x in 0..<Canvas.side { sums[y / cell * side + x / cell] += Int(rows[start + x]) }
    }
    return sums.map { UInt8($0 / (cell * cell)) }
  }

  /// What was read, as it stands on the sheet and in the list.
  struct Reading {
    let words: String
    let disagrees: Bool

    init(_ sample: Sample) {
      guard let prediction = sample.prediction else {
        (words, disagrees) = ("not read", false)
        return
      }
      guard prediction.isDigit else {
        (words, disagrees) = ("no digit", true)
        return
      }
      words = "\(prediction.digit), \(Columns.percent(prediction.confidence))"
      disagrees = prediction.digit != sample.label
    }
  }
}
