import Display
import Ink

extension BoothView {
  func drawConsent(_ staged: Staged<ConsentScreen>, _ booth: Booth, on surface: inout Surface) {
    let (screen, layout, strings) = (staged.screen, booth.layout, booth.strings)
    let m = layout.metrics
    surface.fill(surface.bounds, theme.ground)
    if screen.page != nil { return drawConsentPage(staged, booth, on: &surface) }
    let places = screen.places(in: layout)
    letters.line(
      strings[.consentTitle], in: places.title, on: &surface, size: m.title, color: theme.text, bold: true)
    for (i, rect) in places.languages.enumerated() {
      drawButton(
        rect, screen.languages[i], style: .tab, isPressed: staged.pressed == .language(i),
        isSelected: i == screen.language, m, on: &surface)
    }
    let used = letters.paragraph(
      screen.text.paragraphs[0], in: places.text, on: &surface, size: ConsentScreen.textSize(in: layout),
      color: theme.text)
    // The line for the young stands right below the text, however many lines that took.
    var ask = places.askAGrownUp
    ask.y -= places.text.height - used
    drawNote(
      strings[.askAGrownUp], icon: .person, in: ask,
      size: ConsentScreen.isTight(in: layout) ? m.small : m.body,
      color: theme.quiet, m, on: &surface)
    drawSwitch(
      places.useDrawings, .pencil, strings[.useDrawings],
      detail: strings[screen.usesDrawings ? .useDrawingsOn : .useDrawingsOff], isOn: screen.usesDrawings,
      isPressed: staged.pressed == .useDrawings, booth, on: &surface)
    drawSwitch(
      places.showName, .trophy, strings[.showName],
      detail: strings[screen.showsName ? .showNameOn : .showNameOff], isOn: screen.showsName,
      isPressed: staged.pressed == .showName, booth, on: &surface)
    drawButton(
      places.readAll, strings[.readAll], icon: .sheet, style: .quiet, isPressed: staged.pressed == .readAll,
      m, on: &surface)
    drawButton(
      places.start, strings[.start], icon: .play, style: .primary, isPressed: staged.pressed == .start, m,
      on: &surface)
  }

  /// A page of the whole text.
  private func drawConsentPage(
    _ staged: Staged<ConsentScreen>, _ booth: Booth, on surface: inout Surface
  ) {
    let (screen, layout, strings) = (staged.screen, booth.layout, booth.strings)
    let m = layout.metrics
    let places = screen.readingPlaces(in: layout)
    let pages = screen.pages(in: layout)
    let page = min(screen.page ?? 0, pages.count - 1)
    var rect = places.page
    for paragraph in pages[page] {
      let used = letters.paragraph(paragraph, in: rect, on: &surface, size: m.body, color: theme.text)
      rect.y += used + m.body * 27 / 40
      rect.height = places.page.maxY - rect.y
    }
    drawButton(
      places.back, strings[.back], icon: .left, isPressed: staged.pressed == .back, m, on: &surface)
    guard pages.count > 1 else { return }
    letters.line(
      "\(page + 1) / \(pages.count)", in: places.number, on: &surface, size: m.body, color: theme.quiet,
      align: .centre)
    drawButton(
      places.previous, "", icon: .up, isPressed: staged.pressed == .previous, isEnabled: page > 0, m,
      on: &surface)
    drawButton(
      places.next, "", icon: .down, isPressed: staged.pressed == .next, isEnabled: page + 1 < pages.count, m,
      on: &surface)
  }

  /// A choice as a card: its picture, its words, and a switch that says Yes or No with a tick or a cross.
  private func drawSwitch(
    _ rect: PixelRect, _ icon: Icon, _ label: String, detail: String, isOn: Bool, isPressed: Bool,
    _ booth: Booth, on surface: inout Surface
  ) {
    let m = booth.layout.metrics
    surface.fill(rect, theme.ground)
    surface.fill(rect, isPressed ? theme.pressed : theme.button, radius: m.radius)
    if isOn {
      surface.stroke(rect, theme.accentText, thickness: 2 * m.line, radius: m.radius)
    } else if let outline = theme.outline {
      surface.stroke(rect, outline, thickness: m.line, radius: m.radius)
    }
    let isCompact = booth.layout.isCompact
    let inner = rect.inset(by: isCompact ? m.unit : m.unit * 3 / 2)
    let knobs = (width: m.body * 9 / 2, height: m.body * 9 / 4)
    let picture = isCompact ? m.body * 2 : m.body * 9 / 4
    let isRow = rect.width > rect.height * 4 || booth.layout.isPortrait
    let knobRect = PixelRect(
      x: inner.maxX - knobs.width,
      y: isRow ? inner.y + (inner.height - knobs.height) / 2 : inner.y, width: knobs.width,
      height: knobs.height)
    drawKnob(knobRect, isOn: isOn, booth, on: &surface)
    let iconRect = PixelRect(
      x: inner.x, y: isRow ? inner.y : knobRect.y, width: picture,
      height: isRow ? inner.height : knobRect.height)
    drawIcon(icon, in: iconRect, size: picture, color: isOn ? theme.accentText : theme.text, on: &surface)
    var words =
      isRow
      ? PixelRect(
        x: iconRect.maxX + m.unit * 3 / 2, y: inner.y, width: knobRect.x - iconRect.maxX - 3 * m.unit,
        height: inner.height)
      : PixelRect(
        x: inner.x, y: knobRect.maxY + m.unit, width: inner.width,
        height: inner.maxY - knobRect.maxY - m.unit)
    let details = isPressed ? theme.text : theme.quiet
    let (labelSize, detailSize) = isCompact ? (m.body, m.small) : ((m.body + m.large) / 2, m.body)
    let labelHeight = letters.height(of: label, in: words, size: labelSize, bold: true)
    let detailHeight = letters.height(of: detail, in: words, size: detailSize)
    words.y += max(0, (words.height - labelHeight - detailHeight) / 2)
    words.height = inner.maxY - words.y
    let used = letters.paragraph(
      label, in: words, on: &surface, size: labelSize, color: theme.text, bold: true)
    letters.paragraph(
      detail, in: PixelRect(x: words.x, y: words.y + used, width: words.width, height: words.height - used),
      on: &surface, size: detailSize, color: details)
  }

  /// A switch: the knob's place, the sign on it and the word beside it each tell whether it is on.
  private func drawKnob(_ rect: PixelRect, isOn: Bool, _ booth: Booth, on surface: inout Surface) {
    let m = booth.layout.metrics
    let radius = rect.height / 2
    if isOn {
      surface.fill(rect, theme.accent, radius: radius)
    } else {
      surface.fill(rect, theme.card, radius: radius)
      surface.stroke(rect, theme.quiet, thickness: m.line, radius: radius)
    }
    let side = rect.height - m.unit
    let knob = PixelRect(
      x: isOn ? rect.maxX - side - m.unit / 2 : rect.x + m.unit / 2, y: rect.y + m.unit / 2, width: side,
      height: side)
    surface.fill(knob, isOn ? theme.onAccent : theme.quiet, radius: side / 2)
    drawIcon(
      isOn ? .check : .cross, in: knob, size: side * 6 / 10, color: isOn ? theme.accent : theme.card,
      bold: true, on: &surface)
    let word = PixelRect(
      x: isOn ? rect.x + m.unit / 2 : knob.maxX, y: rect.y,
      width: rect.width - side - m.unit, height: rect.height)
    letters.line(
      booth.strings[isOn ? .yes : .no], in: word.inset(by: m.unit / 4), on: &surface, size: m.body,
      color: isOn ? theme.onAccent : theme.text, align: .centre, bold: true)
  }
}
