import Display
import PNG

/// A picture made small: the mean colour of its cells. It is what a golden picture keeps.
///
/// Another version of FreeType draws the edges of letters a little lighter or darker, which moves the mean of a cell by a few
/// levels; an element that stands elsewhere, or has another colour, moves it by many.
struct Miniature: Equatable {
  let width: Int
  let height: Int
  /// Row by row, red, green and blue 0 ... 255 of each cell.
  private(set) var cells: [UInt8]

  /// How far the mean of a cell may be from the golden one.
  static let tolerance = 9

  /// Pixels of a cell's side, for a picture of some width: 8 for small ones, as many as give 120 cells for large ones.
  static func cell(width: Int) -> Int { max(8, (width + 119) / 120) }

  init(_ surface: borrowing Surface) {
    let side = Miniature.cell(width: surface.width)
    width = (surface.width + side - 1) / side
    height = (surface.height + side - 1) / side
    var sums = [UInt32](repeating: 0, count: width * height * 4)
    let (columns, pixels, rowLength) = (width, surface.pixels, surface.width)
    pixels.withUnsafeBufferPointer { pixels in
      sums.withUnsafeMutableBufferPointer { sums in
        for (index, pixel) in pixels.enumerated() {
          let cell = (index / rowLength / side &* columns &+ index % rowLength / side) &* 4
          sums[cell] &+= pixel >> 16 & 0xFF
          sums[cell &+ 1] &+= pixel >> 8 & 0xFF
          sums[cell &+ 2] &+= pixel & 0xFF
          sums[cell &+ 3] &+= 1
        }
      }
    }
    // Steps of four levels are as fine as the comparison, and pack better.
    var means: [UInt8] = []
    means.reserveCapacity(width * height * 3)
    for cell in 0..<width * height {
      let pixels = max(1, sums[cell * 4 + 3])
      for channel in 0..<3 {
        let mean: UInt32 = sums[cell * 4 + channel] / pixels
        means.append(UInt8(min(252, (mean + 2) / 4 * 4)))
      }
    }
    cells = means
  }

  /// Reads a stored one.
  init(png: [UInt8]) throws {
    let image = try PNG.decode(png)
    width = image.width
    height = image.height
    var colors: [UInt8] = []
    for index in image.rgba.indices where index % 4 != 3 { colors.append(image.rgba[index]) }
    cells = colors
  }

  var png: [UInt8] {
    get throws { try PNG.encode(rgb: cells, width: width, height: height) }
  }

  /// The cells in which two pictures of the same size differ by more than the tolerance.
  func differences(to other: Miniature) -> [(x: Int, y: Int)] {
    guard width == other.width, height == other.height else {
      return (0..<width * height).map { ($0 % width, $0 / width) }
    }
    var different: [(x: Int, y: Int)] = []
    for cell in 0..<width * height {
      for channel in cell * 3..<cell * 3 + 3
      where abs(Int(cells[channel]) - Int(other.cells[channel])) > Miniature.tolerance {
        different.append((cell % width, cell / width))
        break
      }
    }
    return different
  }
}
