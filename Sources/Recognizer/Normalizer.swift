/// Brings a drawing of any size into the form that MNIST's digits have, by integers only.
///
/// After the stray taps are dropped, the ink's box is scaled, aspect kept, so that its longest side is 20 pixels; every
/// pixel of the result is the mean of exactly the area that it covers; and the result is moved by whole pixels so that its
/// centre of mass lies in pixel (14, 14) of 28 x 28. This is how NIST's digits became MNIST (LeCun, Cortes, Burges,
/// "The MNIST database"), and MNIST's own images come out as they went in.
///
/// A normaliser keeps its workspace, so that a drawing after the first is normalised without allocation of its own.
public struct Normalizer: Sendable {
  /// The longest side of a normalised digit, in pixels.
  static let box = 20
  /// Components with less ink than this share of the whole, in percent, are strays.
  static let strayPercent = 3
  /// More pixels than this are refused.
  static let pixelLimit = 1 << 26
  /// Longer sides are refused, so that no sum below can overflow: 255 * 2 * 2^22 < 2^32 and 255 * (2 * 2^22)^2 < 2^63.
  static let sideLimit = 1 << 22

  private var ink = InkRuns()
  private var area = AreaAverage()
  /// The box without strays, where there are any.
  private var kept: [UInt8] = []

  /// What looks at every pixel; all give the same bits.
  private let kernels: KernelSet

  /// - Parameter kernels: by default the fastest; what this processor lacks is replaced by the reference.
  public init(kernels: KernelSet = .best) {
    self.kernels = kernels.isAvailable ? kernels : .reference
  }

  /// The normalised digit of a picture, or nil when there is no ink in it.
  ///
  /// - Parameters:
  ///   - pixels: `width * height` bytes, row by row from the top, 255 is ink and 0 is paper; any other count is nil too.
  ///   - width, height: in pixels, each at most 2^22 and together at most 2^26.
  public mutating func normalize(_ pixels: [UInt8], width: Int, height: Int) -> DigitImage? {
    guard width > 0, height > 0, width <= Normalizer.sideLimit, height <= Normalizer.sideLimit,
      width * height <= Normalizer.pixelLimit,
      pixels.count == width * height
    else { return nil }
    ink.find(in: pixels, width: width, height: height, kernels: kernels)
    let hasStrays = ink.dropComponents(under: Normalizer.strayPercent, in: pixels, width: width)
    guard let box = ink.box else { return nil }
    let (x, y) = (box.left, box.top)
    let (columns, rows) = (box.right - box.left, box.bottom - box.top)
    let longest = max(columns, rows)
    let across = AreaAverage.Axis(start: hasStrays ? 0 : x, length: columns, longest: longest)
    let down = AreaAverage.Axis(start: hasStrays ? 0 : y, length: rows, longest: longest)
    if hasStrays {
      ink.copy(from: pixels, stride: width, left: x, top: y, width: columns, height: rows, to: &kept)
      area.average(kept, stride: columns, across: across, down: down, kernels: kernels)
    } else {
      area.average(pixels, stride: width, across: across, down: down, kernels: kernels)
    }
    return centred(columns: across.count, rows: down.count)
  }

  /// Places the patch so that its centre of mass is at least 13.5 and less than 14.5 on both axes, as in all of MNIST;
  /// a patch so uneven that it would leave the picture stays at its border.
  private func centred(columns: Int, rows: Int) -> DigitImage? {
    let mass = area.mass
    // Ink so faint that its means round to nothing is no ink.
    if mass == 0 { return nil }
    func offset(_ sum: Int, _ count: Int) -> Int {
      let twice = 27 * mass - 2 * sum
      let rounded = twice > 0 ? (twice + 2 * mass - 1) / (2 * mass) : -(-twice / (2 * mass))
      return max(0, min(DigitImage.side - count, rounded))
    }
    return DigitImage(
      patch: area.patch, columns: columns, rows: rows, x: offset(area.momentX, columns),
      y: offset(area.momentY, rows))
  }
}
