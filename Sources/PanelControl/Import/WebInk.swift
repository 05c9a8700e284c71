import FoundationEssentials
import Ink
import PNG
import Spool

/// The ink of a web collector's picture on the panel's canvas: 280 x 280, 255 is ink.
///
/// Its old rows are PNG files of black strokes on transparent paper: black on black to whoever looks at the colours only, so
/// the ink is in the alpha channel. Later rows are dark on white or light on black.
enum WebInk {
  /// The ink, or nil where the picture cannot be read.
  static func canvas(of picture: WebRow.Picture) -> [UInt8]? {
    switch picture {
    case .pixels(let pixels, let width):
      guard width > 0, pixels.count % width == 0 else { return nil }
      return fitted(
        isLight(pixels) ? pixels.map { 255 - $0 } : pixels, width: width, height: pixels.count / width)
    case .url(let text):
      let base64 = text.split(separator: ",", maxSplits: 1).last ?? ""
      guard let file = Data(base64Encoded: String(base64.filter { !$0.isWhitespace })),
        let image = try? PNG.decode(Array(file), maximumPixels: 16 << 20)
      else { return nil }
      return fitted(ink(of: image), width: image.width, height: image.height)
    }
  }

  /// Whether the canvas shows nothing: fewer pixels of ink than a dot of the brush would have.
  static func isBlank(_ canvas: [UInt8]) -> Bool {
    canvas.count { $0 >= 128 } < Quality.leastInk
  }

  private static func ink(of image: PNGImage) -> [UInt8] {
    let rgba = image.rgba
    let count = image.width * image.height
    func luma(_ i: Int) -> Int {
      (77 * Int(rgba[4 * i]) + 150 * Int(rgba[4 * i + 1]) + 29 * Int(rgba[4 * i + 2])) >> 8
    }
    // What can be seen of the colours: with one tone only, the drawing is in the alpha channel.
    var (darkest, lightest, isOpaque) = (255, 0, true)
    for i in 0..<count where rgba[4 * i + 3] > 0 {
      darkest = min(darkest, luma(i))
      lightest = max(lightest, luma(i))
      if rgba[4 * i + 3] < 255 { isOpaque = false }
    }
    if image.hasAlpha, !isOpaque || rgba.indices.contains(where: { $0 % 4 == 3 && rgba[$0] == 0 }),
      lightest - darkest <= 32
    {
      return (0..<count).map { rgba[4 * $0 + 3] }
    }
    // On white paper, where it is transparent.
    let gray = (0..<count).map { i in
      let alpha = Int(rgba[4 * i + 3])
      return UInt8((luma(i) * alpha + 255 * (255 - alpha) + 127) / 255)
    }
    return isLight(gray) ? gray.map { 255 - $0 } : gray
  }

  /// Whether most of the picture is light: then that is the paper.
  private static func isLight(_ gray: [UInt8]) -> Bool {
    gray.count { $0 >= 128 } * 2 > gray.count
  }

  /// The picture as large as fits the canvas, in its middle: averaged where it becomes smaller, repeated where larger.
  private static func fitted(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
    let side = Canvas.side
    if width == side, height == side { return pixels }
    let longest = max(width, height)
    let (across, down) = (max(1, width * side / longest), max(1, height * side / longest))
    var canvas = [UInt8](repeating: 0, count: side * side)
    for y in 0..<down {
      let top = y * height / down
      let bottom = max(top + 1, (y + 1) * height / down)
      for x in 0..<across {
        let left = x * width / across
        let right = max(left + 1, (x + 1) * width / across)
        var sum = 0
        for row in top..<bottom { for column in left..<right { sum += Int(pixels[row * width + column]) } }
        let area = (bottom - top) * (right - left)
        canvas[(y + (side - down) / 2) * side + x + (side - across) / 2] = UInt8((sum + area / 2) / area)
      }
    }
    return canvas
  }
}
