import Display
import Ink

/// Sets text into rectangles: aligned, wrapped at words, and made smaller rather than cut.
final class Lettering {
  enum Alignment { case left, centre, right }

  /// How a text came out in its rectangle.
  struct Fit: Sendable, Equatable {
    var text: String
    /// The size that was asked for, and the one that it got.
    var wanted: Int
    var size: Int
    /// Whether nothing of it was left out.
    var isWhole: Bool
  }

  /// Called for every text that is set, so that a layout can be measured with the real letters; nil unless one is.
  var observe: ((Fit) -> Void)?

  private let regular: Typeface
  private let strong: Typeface
  /// Paragraphs as they came out lately: the guess of free play is set again with every touch, and to break it anew would be an
  /// allocation for each of its words.
  private var paragraphs: [Paragraph] = []
  private var oldest = 0

  init(regular: Typeface, strong: Typeface) {
    self.regular = regular
    self.strong = strong
  }

  /// One line in the vertical middle of `rect`. Text that is too wide is set smaller, down to 11 pixels, and then
  /// shortened.
  func line(
    _ text: String, in rect: PixelRect, on surface: inout Surface, size wanted: Int, color: Color,
    align: Alignment = .left, bold: Bool = false
  ) {
    guard !text.isEmpty else { return }
    guard !rect.isEmpty else {
      // A layout without a place for a text gives none; one whose place is used up has left it out.
      if rect != .empty { observe?(Fit(text: text, wanted: wanted, size: wanted, isWhole: false)) }
      return
    }
    let face = bold ? strong : regular
    var size = wanted
    var width = face.measure(text, size: size)
    while width > rect.width, size > Lettering.leastSize {
      size = max(Lettering.leastSize, min(size - 1, size * rect.width / width))
      width = face.measure(text, size: size)
    }
    observe?(Fit(text: text, wanted: wanted, size: size, isWhole: width <= rect.width))
    let shown = width > rect.width ? face.shortened(text, size: size, width: rect.width) : text
    let free = rect.width - face.measure(shown, size: size)
    let x =
      switch align {
      case .left: rect.x
      case .centre: rect.x + free / 2
      case .right: rect.x + free
      }
    face.draw(
      shown, on: &surface, x: x, baseline: face.baseline(in: rect, size: size), size: size, color: color)
  }

  /// Lines from the top of `rect`, broken at spaces, set smaller when they are too many; what does not fit at 11 pixels is
  /// left out.
  ///
  /// - Returns: the rows used, in pixels.
  @discardableResult
  func paragraph(
    _ text: String, in rect: PixelRect, on surface: inout Surface, size: Int, color: Color,
    align: Alignment = .left, bold: Bool = false
  ) -> Int {
    guard rect != .empty else { return 0 }
    let wanted = size
    let (lines, size) = broken(text, in: rect, size: wanted, bold: bold)
    let pitch = Lettering.pitch(size)
    observe?(Fit(text: text, wanted: wanted, size: size, isWhole: lines.count * pitch <= rect.height))
    var y = rect.y
    for text in lines where y + pitch <= rect.maxY {
      line(
        text, in: PixelRect(x: rect.x, y: y, width: rect.width, height: pitch), on: &surface, size: size,
        color: color, align: align, bold: bold)
      y += pitch
    }
    return y - rect.y
  }

  /// The rows that ``paragraph(_:in:on:size:color:align:bold:)`` would use, in pixels.
  func height(of text: String, in rect: PixelRect, size: Int, bold: Bool = false) -> Int {
    let (lines, size) = broken(text, in: rect, size: size, bold: bold)
    return min(lines.count * Lettering.pitch(size), rect.height)
  }

  /// A text broken into lines for a rectangle.
  private struct Paragraph {
    var text: String
    var width: Int
    var height: Int
    var wanted: Int
    var isBold: Bool
    var lines: [String]
    var size: Int
  }

  /// The lines of a paragraph and their size; of those that were asked for lately, without an allocation.
  private func broken(
    _ text: String, in rect: PixelRect, size wanted: Int, bold: Bool
  ) -> (lines: [String], size: Int) {
    for known in paragraphs
    where known.wanted == wanted && known.width == rect.width && known.height == rect.height
      && known.isBold == bold && known.text == text
    {
      return (known.lines, known.size)
    }
    let face = bold ? strong : regular
    var size = wanted
    var lines = face.lines(text, size: size, width: rect.width)
    while lines.count * Lettering.pitch(size) > rect.height, size > Lettering.leastSize {
      size -= 1
      lines = face.lines(text, size: size, width: rect.width)
    }
    let new = Paragraph(
      text: text, width: rect.width, height: rect.height, wanted: wanted, isBold: bold, lines: lines,
      size: size)
    if paragraphs.count < Lettering.remembered {
      paragraphs.append(new)
    } else {
      paragraphs[oldest] = new
      oldest = (oldest + 1) % Lettering.remembered
    }
    return (lines, size)
  }

  /// The width of one line in pixels.
  func width(of text: String, size: Int, bold: Bool = false) -> Int {
    (bold ? strong : regular).measure(text, size: size)
  }

  /// No text is set smaller, in pixels.
  static let leastSize = 11
  /// Paragraphs that are remembered: more than any screen has at once.
  static let remembered = 32

  /// From baseline to baseline.
  private static func pitch(_ size: Int) -> Int { size * 27 / 20 }
}
