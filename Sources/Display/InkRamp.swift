/// The colours of ink on a canvas: entry 0 is the paper, entry 255 full ink.
public struct InkRamp: Equatable, Sendable {
  /// 256 pixels 0xFFRRGGBB.
  let pixels: [UInt32]

  public init(paper: Color, ink: Color) {
    pixels = (0...255).map { paper.mixed(with: ink, UInt8($0)).pixel }
  }

  public subscript(ink: UInt8) -> Color { Color(pixels[Int(ink)] & 0xFF_FFFF) }
}
