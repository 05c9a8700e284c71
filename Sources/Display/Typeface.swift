import Glibc
import Ink
import Kernel

/// Draws and measures text of one face, with kerning, at sizes in pixels per em.
///
/// Glyphs are kept as masks of coverage at four positions within a pixel, so that text is spaced evenly at small sizes.
/// It belongs to one thread.
public final class Typeface {
  /// The weights of Inter that the screens use.
  public enum Weight: String, CaseIterable, Sendable {
    case regular = "Regular"
    case medium = "Medium"
    case semiBold = "SemiBold"
    case bold = "Bold"
  }

  public enum Alignment: Sendable {
    /// `x` is where the text begins.
    case left
    /// `x` is its middle.
    case center
    /// `x` is where it ends.
    case right
  }

  /// Where Debian's package fonts-inter puts its files.
  public static let interDirectory = "/usr/share/fonts/opentype/inter"
  /// Bytes of masks that are kept; all sizes of the screens together need a tenth of it.
  private static let cacheLimit = 4 << 20

  private struct Key: Hashable {
    var glyph: UInt32
    var size: UInt16
    var fraction: UInt8
  }

  private let face: FontFace
  private let fallback: Typeface?
  private var masks: [Key: FontFace.Glyph] = [:]
  private var cachedBytes = 0
  private var advances: [Key: Int] = [:]

  /// Opens a font file.
  ///
  /// - Parameters:
  ///   - fallback: draws the characters that this face does not have.
  /// - Throws: ``KernelError``: `cannot open font …: no such file or directory; install the package fonts-inter`.
  public init(path: String, fallback: Typeface? = nil) throws(KernelError) {
    face = try FontFace(path: path, next: "install the package fonts-inter")
    self.fallback = fallback
  }

  /// Opens Inter as Debian has it.
  public convenience init(inter weight: Weight, fallback: Typeface? = nil) throws(KernelError) {
    try self.init(path: "\(Typeface.interDirectory)/Inter-\(weight.rawValue).otf", fallback: fallback)
  }

  /// From the baseline up to the top of the highest letters, in pixels, rounded up.
  public func ascent(_ size: Int) -> Int { roundedUp(face.ascender * size) }
  /// From the baseline down to the foot of the lowest letters, in pixels, rounded up.
  public func descent(_ size: Int) -> Int { roundedUp(face.descender * size) }
  /// The height of a capital letter in pixels, to the nearest.
  public func capHeight(_ size: Int) -> Int {
    (face.capHeight * size + face.unitsPerEm / 2) / face.unitsPerEm
  }
  /// The baseline on which capital letters and digits stand in the middle of a rectangle.
  public func baseline(in rect: PixelRect, size: Int) -> Int {
    rect.y + (rect.height + capHeight(size)) / 2
  }

  /// The width of a line of text in pixels, rounded up.
  public func measure(_ text: String, size: Int) -> Int {
    var end = 0
    layOut(text, clamped(size)) { _, _, _, after in end = after }
    return (end + 63) / 64
  }

  /// Draws a line of text; control characters are left out.
  ///
  /// - Parameters:
  ///   - x: where the text begins, ends, or its middle, by `alignment`.
  ///   - baseline: the row on which letters stand: they end above it.
  /// - Returns: the pixels that may have changed, clipped to the surface.
  @discardableResult
  public func draw(
    _ text: String, on surface: inout Surface, x: Int, baseline: Int, size: Int, color: Color,
    alignment: Alignment = .left
  ) -> PixelRect {
    let size = clamped(size)
    var left = x
    switch alignment {
    case .left: break
    case .center: left -= measure(text, size: size) / 2
    case .right: left -= measure(text, size: size)
    }
    var damage = PixelRect.empty
    layOut(text, size) { typeface, glyph, position, _ in
      // Large letters show no quarter of a pixel; small ones are kept at each.
      let quarter = size > 40 ? (position + 32) / 64 * 4 : (position + 8) / 16
      let drawn = typeface.mask(glyph, size, fraction: quarter % 4)
      let box = PixelRect(
        x: left + quarter / 4 + drawn.left, y: baseline - drawn.top, width: drawn.width,
        height: drawn.height)
      surface.blend(
        mask: drawn.mask, maskWidth: box.width, maskHeight: box.height, x: box.x, y: box.y, color: color)
      damage = damage.union(box.intersection(surface.clip))
    }
    return damage
  }

  /// The text itself where it fits, or as much of its beginning as fits before an ellipsis.
  public func shortened(_ text: String, size: Int, width: Int) -> String {
    if measure(text, size: size) <= width { return text }
    var kept = Substring(text)
    while !kept.isEmpty {
      kept.removeLast()
      // A space before the ellipsis looks like a mistake.
      while kept.last == " " { kept.removeLast() }
      let candidate = kept + "…"
      if measure(String(candidate), size: size) <= width { return String(candidate) }
    }
    return ""
  }

  /// The lines into which a text breaks at its spaces, each at most `width` pixels where its words allow that.
  public func lines(_ text: String, size: Int, width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        let longer = line.isEmpty ? String(word) : line + " " + word
        if line.isEmpty || measure(longer, size: size) <= width {
          line = longer
        } else {
          lines.append(line)
          line = String(word)
        }
      }
      lines.append(line)
    }
    return lines
  }

  /// The face that has the characters which Inter lacks, such as Hebrew and Arabic letters in a name from elsewhere: DejaVu
  /// Sans as Debian has it. Nil where its package is not installed; such characters are then drawn as boxes.
  public static func otherAlphabets() -> Typeface? {
    try? Typeface(path: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
  }

  /// Calls `body` for each glyph, from left to right as they are seen, with the face that has it, its number, where the pen stands before it, and after it,
  /// in 1/64 pixel from the beginning.
  private func layOut(_ text: String, _ size: Int, _ body: (Typeface, UInt32, Int, Int) -> Void) {
    var pen = 0
    var last: (typeface: Typeface, glyph: UInt32)?
    for character in VisualOrder.arranged(text).unicodeScalars {
      let properties = character.properties
      if properties.generalCategory == .control || properties.isDefaultIgnorableCodePoint { continue }
      let (typeface, glyph) = find(character)
      if let last, last.typeface === typeface {
        pen += typeface.face.kerning(last.glyph, glyph, size: size)
      }
      let before = max(0, pen)
      pen = before + typeface.advance(glyph, size)
      body(typeface, glyph, before, pen)
      last = (typeface, glyph)
    }
  }

  /// The face and glyph for a character; glyph 0, an empty box, where no face has it.
  private func find(_ character: Unicode.Scalar) -> (Typeface, UInt32) {
    var typeface: Typeface? = self
    while let candidate = typeface {
      if let glyph = candidate.face.glyph(for: character) { return (candidate, glyph) }
      typeface = candidate.fallback
    }
    return (self, 0)
  }

  private func advance(_ glyph: UInt32, _ size: Int) -> Int {
    let key = Key(glyph: glyph, size: UInt16(size), fraction: 0)
    if let known = advances[key] { return known }
    let advance = face.advance(glyph, size: size)
    advances[key] = advance
    return advance
  }

  private func mask(_ glyph: UInt32, _ size: Int, fraction: Int) -> FontFace.Glyph {
    let key = Key(glyph: glyph, size: UInt16(size), fraction: UInt8(fraction))
    if let known = masks[key] { return known }
    let drawn = face.draw(glyph, size: size, fraction: fraction * 16)
    if cachedBytes + drawn.mask.count > Typeface.cacheLimit {
      masks.removeAll(keepingCapacity: true)
      advances.removeAll(keepingCapacity: true)
      cachedBytes = 0
    }
    cachedBytes += drawn.mask.count
    masks[key] = drawn
    return drawn
  }

  private func clamped(_ size: Int) -> Int { max(1, min(size, 2000)) }

  private func roundedUp(_ product: Int) -> Int { (product + face.unitsPerEm - 1) / face.unitsPerEm }
}
