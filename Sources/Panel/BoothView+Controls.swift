import Display
import Ink

/// How a button looks: what it is for.
enum ButtonStyle: Sendable, Equatable {
  /// The one thing to do next.
  case primary
  /// What else can be done.
  case plain
  /// What is seldom done: no ground of its own.
  case quiet
  /// One of several of which one is chosen.
  case tab
  /// A key of a keyboard.
  case key
  /// What takes something away.
  case danger
}

/// Buttons, cards, choices, fields: what every screen is put together from.
///
/// Each draws all of its rectangle, the ground at its round corners too, so that it can be drawn again alone.
extension BoothView {
  /// Draws a button: a label, a picture, or both, side by side where there is room and else one above the other.
  ///
  /// - Parameters:
  ///   - isSelected: it is the chosen one of its group; a line tells, not only the ground.
  ///   - isStacked: the picture stands above the label in any case, as in a row of tabs that are to look alike.
  ///   - over: the colour that lies around it, the ground unless it stands on a card.
  func drawButton(
    _ rect: PixelRect, _ label: String, icon: Icon? = nil, style: ButtonStyle = .plain,
    isPressed: Bool = false,
    isEnabled: Bool = true, isSelected: Bool = false, isStacked: Bool = false, over: Color? = nil,
    _ m: Metrics, on surface: inout Surface
  ) {
    guard !rect.isEmpty else { return }
    surface.fill(rect, over ?? theme.ground)
    // A pressed button gives way a little.
    let body = isPressed && isEnabled ? rect.inset(by: max(1, m.unit / 4)) : rect
    var color = isEnabled ? theme.text : theme.quiet
    var fill: Color?
    var outline = theme.outline
    switch style {
    case .primary:
      if isEnabled {
        fill = isPressed ? theme.pressedAccent : theme.accent
        color = theme.onAccent
      }
    case .plain, .key, .danger:
      if isEnabled { fill = isPressed ? theme.pressed : theme.button }
      if style == .danger, isEnabled { color = theme.warning }
    case .quiet:
      fill = isPressed && isEnabled ? theme.pressed : nil
      outline = nil
    case .tab:
      if isSelected || isPressed && isEnabled { fill = isPressed ? theme.pressed : theme.button }
      if !isSelected { color = theme.quiet }
      if !isSelected { outline = nil }
    }
    if let fill { surface.fill(body, fill, radius: m.radius) }
    // What cannot be pressed now is only an outline.
    if fill == nil, !isEnabled, style != .quiet, style != .tab { outline = theme.edge }
    if let outline { surface.stroke(body, outline, thickness: m.line, radius: m.radius) }
    if isSelected {
      let length = min(body.width / 2, 6 * m.unit)
      surface.fill(
        PixelRect(
          x: body.x + (body.width - length) / 2, y: body.maxY - m.unit / 2 - 2 * m.line, width: length,
          height: 2 * m.line), theme.accentText, radius: m.line)
    }
    // What cannot be pressed now is no call to press it.
    let size = style == .key || style == .primary && isEnabled ? m.large : m.body
    drawLabel(
      label, icon, in: body.inset(by: m.unit / 2), size: size, color: color,
      bold: style == .primary || isSelected, isStacked: isStacked, m, on: &surface)
  }

  /// A label with its picture in the middle of a rectangle.
  func drawLabel(
    _ label: String, _ icon: Icon?, in rect: PixelRect, size: Int, color: Color, bold: Bool,
    isStacked: Bool = false,
    _ m: Metrics, on surface: inout Surface
  ) {
    guard let icon else {
      letters.line(label, in: rect, on: &surface, size: size, color: color, align: .centre, bold: bold)
      return
    }
    let side = size * 5 / 4
    guard !label.isEmpty else {
      drawIcon(
        icon, in: rect, size: min(side * 6 / 5, rect.width, rect.height), color: color, bold: bold,
        on: &surface)
      return
    }
    let gap = m.unit
    let width = letters.width(of: label, size: size, bold: bold)
    // Above the label the picture may be a little smaller.
    let above = min(side, rect.height - size * 4 / 3)
    if !isStacked && side + gap + width <= rect.width || above < size * 3 / 4 {
      let shown = min(width, max(0, rect.width - side - gap))
      let x = rect.x + (rect.width - side - gap - shown) / 2
      drawIcon(
        icon, in: PixelRect(x: x, y: rect.y, width: side, height: rect.height), size: side, color: color,
        bold: bold, on: &surface)
      letters.line(
        label, in: PixelRect(x: x + side + gap, y: rect.y, width: shown, height: rect.height), on: &surface,
        size: size, color: color, bold: bold)
      return
    }
    let block = above + size * 4 / 3
    let y = rect.y + (rect.height - block) / 2
    drawIcon(
      icon, in: PixelRect(x: rect.x, y: y, width: rect.width, height: above), size: above, color: color,
      bold: bold, on: &surface)
    letters.line(
      label, in: PixelRect(x: rect.x, y: y + above, width: rect.width, height: block - above), on: &surface,
      size: size, color: color, align: .centre, bold: bold)
  }

  /// A picture in the middle of a rectangle.
  func drawIcon(
    _ icon: Icon, in rect: PixelRect, size: Int, color: Color, bold: Bool = false, on surface: inout Surface
  ) {
    guard size > 0 else { return }
    surface.blend(
      icons.mask(icon, size: size, isBold: bold), x: rect.x + (rect.width - size) / 2,
      y: rect.y + (rect.height - size) / 2, color: color)
  }

  /// The ground of what belongs together.
  func drawCard(_ rect: PixelRect, _ m: Metrics, on surface: inout Surface) {
    surface.fill(rect, theme.ground)
    surface.fill(rect, theme.card, radius: m.radius)
    if let outline = theme.outline {
      surface.stroke(rect, outline, thickness: m.line, radius: m.radius)
    }
  }

  /// A choice that is made or not: a box with or without a tick, its words at the right of it.
  ///
  /// - Parameter detail: what the choice means, smaller, below.
  func drawChoice(
    _ rect: PixelRect, _ label: String, detail: String? = nil, isOn: Bool, isPressed: Bool = false,
    isEnabled: Bool = true, over: Color? = nil, _ m: Metrics, on surface: inout Surface
  ) {
    guard !rect.isEmpty else { return }
    surface.fill(rect, over ?? theme.ground)
    surface.fill(rect, isPressed ? theme.pressed : theme.button, radius: m.radius)
    if let outline = theme.outline { surface.stroke(rect, outline, thickness: m.line, radius: m.radius) }
    let side = min(m.body * 3 / 2, rect.height - m.unit)
    let box = PixelRect(
      x: rect.x + m.unit * 3 / 2, y: rect.y + (rect.height - side) / 2, width: side, height: side)
    if isOn {
      surface.fill(box, theme.accent, radius: m.radius / 2)
      drawIcon(.check, in: box, size: side * 3 / 4, color: theme.onAccent, bold: true, on: &surface)
    } else {
      surface.stroke(box, isEnabled ? theme.text : theme.quiet, thickness: 2 * m.line, radius: m.radius / 2)
    }
    let x = box.maxX + m.unit * 3 / 2
    let words = PixelRect(
      x: x, y: rect.y + m.unit / 2, width: rect.maxX - m.unit - x, height: rect.height - m.unit)
    let color = isEnabled ? theme.text : theme.quiet
    guard let detail, !detail.isEmpty else {
      drawParagraph(label, in: words, size: m.body, color: color, on: &surface)
      return
    }
    let half = PixelRect(x: words.x, y: words.y, width: words.width, height: words.height / 2)
    letters.line(label, in: half, on: &surface, size: m.body, color: color, bold: true)
    letters.paragraph(
      detail, in: PixelRect(x: words.x, y: half.maxY, width: words.width, height: words.maxY - half.maxY),
      on: &surface, size: m.small, color: isPressed ? theme.text : theme.quiet)
  }

  /// A field with what was typed, or in a quiet colour what could be; a caret at its end while it is being typed in.
  func drawField(
    _ rect: PixelRect, _ text: String, placeholder: String = "", hasCaret: Bool = true, over: Color? = nil,
    _ m: Metrics, on surface: inout Surface
  ) {
    surface.fill(rect, over ?? theme.ground)
    surface.fill(rect, theme.card, radius: m.radius)
    surface.stroke(
      rect, hasCaret ? theme.accentText : theme.edge, thickness: 2 * m.line, radius: m.radius)
    let inner = PixelRect(
      x: rect.x + 2 * m.unit, y: rect.y, width: rect.width - 4 * m.unit, height: rect.height)
    letters.line(
      text.isEmpty ? placeholder : text, in: inner, on: &surface, size: m.large,
      color: text.isEmpty ? theme.quiet : theme.text)
    guard hasCaret else { return }
    let end = text.isEmpty ? -m.unit / 2 : min(inner.width, letters.width(of: text, size: m.large))
    surface.fill(
      PixelRect(
        x: inner.x + end + m.line, y: rect.y + (rect.height - m.large * 5 / 4) / 2, width: 2 * m.line,
        height: m.large * 5 / 4), theme.accentText)
  }

  /// A sentence with its picture at the left of its first line.
  ///
  /// - Returns: the rows used, in pixels.
  @discardableResult
  func drawNote(
    _ text: String, icon: Icon, in rect: PixelRect, size: Int, color: Color, iconColor: Color? = nil,
    bold: Bool = false, _ m: Metrics, on surface: inout Surface
  ) -> Int {
    let side = size * 11 / 10
    let row = size * 27 / 20
    let x = rect.x + side + m.unit * 3 / 4
    let used = letters.paragraph(
      text, in: PixelRect(x: x, y: rect.y, width: rect.maxX - x, height: rect.height), on: &surface,
      size: size, color: color, bold: bold)
    // A picture without its words would be a riddle.
    guard used > 0 else { return 0 }
    drawIcon(
      icon, in: PixelRect(x: rect.x, y: rect.y, width: side, height: min(row, used)), size: side,
      color: iconColor ?? color, bold: bold, on: &surface)
    return max(used, row)
  }

  /// Lines in the vertical middle of a rectangle.
  func drawParagraph(
    _ text: String, in rect: PixelRect, size: Int, color: Color, align: Lettering.Alignment = .left,
    bold: Bool = false, on surface: inout Surface
  ) {
    let height = letters.height(of: text, in: rect, size: size, bold: bold)
    let top = rect.y + max(0, rect.height - height) / 2
    letters.paragraph(
      text, in: PixelRect(x: rect.x, y: top, width: rect.width, height: rect.maxY - top), on: &surface,
      size: size, color: color, align: align, bold: bold)
  }

  /// How much of a time is left: a ring that empties, and the seconds in it.
  func drawCountdown(
    _ rect: PixelRect, seconds: Int, of whole: Int, _ m: Metrics, on surface: inout Surface
  ) {
    let thickness = Float(max(4, m.unit))
    let side = min(rect.width, rect.height)
    let (x, y) = (Float(rect.x) + Float(rect.width) / 2, Float(rect.y) + Float(rect.height) / 2)
    let radius = Float(side) / 2 - thickness / 2 - 1
    surface.ring(x: x, y: y, radius: radius, thickness: thickness, part: 1, theme.track)
    surface.ring(
      x: x, y: y, radius: radius, thickness: thickness, part: Float(seconds) / Float(max(1, whole)),
      theme.accentText)
    letters.line(
      "\(seconds)", in: rect, on: &surface, size: side * 2 / 5, color: theme.text, align: .centre, bold: true)
  }
}
