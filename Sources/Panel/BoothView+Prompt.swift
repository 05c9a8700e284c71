import Display
import Ink

/// What the visitor is asked for, and what came of it: the prompt and the message below it.
extension BoothView {
  /// "Draw a 7": the strongest figure of the screen.
  func drawPrompt(_ booth: Booth, on surface: inout Surface) {
    let layout = booth.layout
    let m = layout.metrics
    let rect = layout.prompt
    guard let digit = booth.scoreboard.prompt else { return }
    surface.fill(rect, theme.accent, radius: m.radius)
    let inner = rect.inset(by: m.unit * 3 / 2)
    // A wide card has the words at the left of the figure, a high one above it.
    let isWide = rect.width * 10 > rect.height * 13
    let row = m.title
    let words =
      isWide
      ? PixelRect(x: inner.x, y: inner.y, width: inner.width / 2, height: inner.height)
      : PixelRect(x: inner.x, y: inner.y, width: inner.width, height: row)
    let figure =
      isWide
      ? PixelRect(x: words.maxX, y: inner.y, width: inner.width - words.width, height: inner.height)
      : PixelRect(x: inner.x, y: words.maxY, width: inner.width, height: inner.maxY - words.maxY)
    // Beside the figure the words stand one below the other, as large as the longest of them allows.
    let text = booth.strings[digit == 8 ? .drawAn8 : .drawA]
    let wanted = min(m.title * 17 / 20, inner.width / 4)
    let widest =
      (isWide ? text.split(separator: " ").map(String.init) : [text])
      .map { letters.width(of: $0, size: wanted) }.max() ?? 0
    let size = max(Lettering.leastSize, min(wanted, wanted * words.width / max(1, widest)))
    drawParagraph(text, in: words, size: size, color: theme.onAccent, on: &surface)
    var place = figure.inset(by: isWide || layout.isCompact ? 0 : m.unit)
    guard let entrance = booth.entrance else {
      return drawFigure(digit, in: place, color: theme.onAccent, on: &surface)
    }
    place.y += place.height * entrance.distance / 256
    surface.clipped(to: inner) {
      drawFigure(
        digit, in: place, color: theme.accent.mixed(with: theme.onAccent, entrance.strength), on: &$0)
    }
  }

  /// A digit as large as its box: figures are 0.73 em high and at most 0.66 em wide.
  func drawFigure(_ digit: Int, in rect: PixelRect, color: Color, on surface: inout Surface) {
    let size = min(rect.height * 100 / 74, rect.width * 100 / 68)
    letters.line("\(digit)", in: rect, on: &surface, size: size, color: color, align: .centre, bold: true)
  }

  /// What just happened, or what there is to know.
  func drawMessage(_ booth: Booth, on surface: inout Surface) {
    let m = booth.layout.metrics
    let rect = booth.layout.message
    // A store that is full with a drawing has stored it.
    if case .failing(let sentence) = booth.phase, !booth.isThanking {
      return drawFailure(sentence, booth, in: rect, m, on: &surface)
    }
    switch booth.message {
    case .none:
      if let notice = booth.shownNotice {
        drawNote(
          booth.strings[notice], icon: .warning, in: rect, size: m.small, color: theme.warning, m,
          on: &surface)
      } else if booth.layout.form == .portrait {
        // It stands beside the prompt there, not below it.
        drawParagraph(booth.strings[booth.keptFor], in: rect, size: m.small, color: theme.quiet, on: &surface)
      } else {
        letters.paragraph(
          booth.strings[booth.keptFor], in: rect, on: &surface, size: m.small, color: theme.quiet)
      }
    case .welcomeBack(let count):
      drawNote(
        booth.strings(.welcomeBack, count: count, [.name: booth.visit.name]), icon: .trophy, in: rect,
        size: m.body, color: theme.good, m, on: &surface)
    case .drawFirst: drawHint(booth.strings[.drawFirst], in: rect, m, on: &surface)
    case .onlyADot: drawHint(booth.strings[.onlyADot], in: rect, m, on: &surface)
    case .drawAgain: drawHint(booth.strings[.drawAgain], in: rect, m, on: &surface)
    case .withdrawn: drawHint(booth.strings[.withdrawn], in: rect, m, on: &surface)
    case .saved(let sample): drawThanks(sample, booth, in: rect, m, on: &surface)
    }
  }

  /// What to do in place of what was done.
  private func drawHint(_ text: String, in rect: PixelRect, _ m: Metrics, on surface: inout Surface) {
    guard rect.width >= m.body * 9, rect.height >= m.body * 4 else {
      drawNote(text, icon: .pencil, in: rect, size: m.body, color: theme.warning, bold: true, m, on: &surface)
      return
    }
    drawCard(rect, m, on: &surface)
    let inner = rect.inset(by: m.unit * 3 / 2)
    let side = m.title
    drawIcon(
      .pencil, in: PixelRect(x: inner.x, y: inner.y, width: side, height: inner.height), size: side,
      color: theme.warning, bold: true, on: &surface)
    let x = inner.x + side + m.unit * 3 / 2
    drawParagraph(
      text, in: PixelRect(x: x, y: inner.y, width: inner.maxX - x, height: inner.height), size: m.body,
      color: theme.warning, bold: true, on: &surface)
  }

  private func drawFailure(
    _ sentence: String, _ booth: Booth, in rect: PixelRect, _ m: Metrics, on surface: inout Surface
  ) {
    var rest = rect
    func take(_ used: Int) {
      rest.y += used + m.unit / 2
      rest.height -= used + m.unit / 2
    }
    let isNarrow = rect.width < m.large * 11 || rect.height < m.body * 5
    take(
      drawNote(
        booth.strings[.callStaff], icon: .warning, in: rest, size: isNarrow ? m.body : m.large,
        color: theme.warning,
        bold: true, m, on: &surface))
    if booth.isStoring, !booth.isOrphaned {
      take(
        letters.paragraph(
          booth.strings[.callStaffWhy], in: rest, on: &surface, size: isNarrow ? m.small : m.body,
          color: theme.text))
    }
    // Of what is too long for the smallest panels one line is shown, with dots at its end; `panelctl status` tells all of it.
    let row = m.small * 27 / 20
    let room = PixelRect(x: rest.x, y: rest.y, width: rest.width, height: .max)
    if rest.height < letters.height(of: sentence, in: room, size: Lettering.leastSize), rest.height >= row {
      letters.line(
        sentence, in: PixelRect(x: rest.x, y: rest.y, width: rest.width, height: row), on: &surface,
        size: m.small, color: theme.quiet)
      return
    }
    letters.paragraph(sentence, in: rest, on: &surface, size: m.small, color: theme.quiet)
  }

  /// A line of the thanks.
  private struct Line {
    var text: String
    var icon: Icon?
    var size: Int
    var color: Color
    var isBold = false
    /// What stands at the end of the same line, smaller.
    var beside: String?
  }

  /// "Saved", what was read, where that leads, and the receipt; on a card of their own where there is room for one.
  private func drawThanks(
    _ sample: SavedSample, _ booth: Booth, in rect: PixelRect, _ m: Metrics, on surface: inout Surface
  ) {
    let isSmall = rect.width < m.body * 9 || rect.height < m.body * 5
    var rest = rect
    if !isSmall {
      drawCard(rect, m, on: &surface)
      rest = PixelRect(
        x: rect.x + m.unit * 3 / 2, y: rect.y + m.unit, width: rect.width - 3 * m.unit,
        height: rect.height - 2 * m.unit)
    }
    var lines = thanks(sample, booth, m, isSmall: isSmall)
    if isSmall, let rank = sample.rank { tellRank(rank, in: &lines, width: rest.width, booth.strings, m) }
    func height(_ line: Line) -> Int {
      let side = line.icon == nil ? 0 : line.size * 11 / 10 + m.unit * 3 / 4
      return letters.height(
        of: line.text, in: PixelRect(x: 0, y: 0, width: rest.width - side, height: rest.height),
        size: line.size, bold: line.isBold)
    }
    func total() -> Int { lines.reduce(0) { $0 + height($1) } }
    // What is too much is set smaller, then without what stands before the receipt, which has to be whole.
    if total() > rest.height { for i in lines.indices { lines[i].size = min(lines[i].size, m.body) } }
    if total() > rest.height { for i in lines.indices { lines[i].size = min(lines[i].size, m.small) } }
    while total() > rest.height, lines.count > 2 { lines.remove(at: lines.count - 2) }
    let gap = min(m.unit * 3 / 4, max(0, rest.height - total()) / max(1, lines.count - 1))
    if !isSmall { rest.y += max(0, rest.height - total() - gap * (lines.count - 1)) / 2 }
    for line in lines {
      rest.height = rect.maxY - rest.y
      if let beside = line.beside {
        let width = letters.width(of: beside, size: m.small)
        letters.line(
          beside,
          in: PixelRect(x: rest.maxX - width, y: rest.y, width: width, height: line.size * 27 / 20),
          on: &surface, size: m.small, color: theme.text)
      }
      let used =
        line.icon.map {
          drawNote(
            line.text, icon: $0, in: rest, size: line.size, color: line.color, bold: line.isBold, m,
            on: &surface)
        }
        ?? letters.paragraph(
          line.text, in: rest, on: &surface, size: line.size, color: line.color, bold: line.isBold)
      rest.y += used + gap
    }
  }

  /// On a small panel the rank stands beside "Saved" where both fit, else as few words as the counts have.
  private func tellRank(_ rank: Int, in lines: inout [Line], width: Int, _ strings: Strings, _ m: Metrics) {
    let words = "\(strings[.rank]) \(BoothView.grouped(rank))"
    let sentence = strings(.yourRank, [.count: BoothView.grouped(rank)])
    guard let first = lines.first else { return }
    let saved =
      first.size * 11 / 10 + m.unit * 3 / 4 + letters.width(of: first.text, size: first.size, bold: true)
    if saved + m.unit + letters.width(of: words, size: m.small) <= width {
      lines[0].beside = words
      lines.removeAll { $0.text == sentence }
    } else if letters.width(of: sentence, size: m.small) > width {
      for i in lines.indices where lines[i].text == sentence { lines[i].text = words }
    }
  }

  private func thanks(_ sample: SavedSample, _ booth: Booth, _ m: Metrics, isSmall: Bool) -> [Line] {
    let strings = booth.strings
    let body = isSmall ? m.small : m.body
    var lines = [
      Line(
        text: strings[.saved], icon: .check, size: isSmall ? m.body : m.large, color: theme.good, isBold: true
      ),
      Line(text: BoothView.read(sample, strings), size: body, color: theme.text),
    ]
    if let reason = BoothView.uncounted(sample, strings) {
      lines.append(Line(text: reason, icon: .info, size: body, color: theme.warning))
    } else if sample.endsBlock {
      lines.append(
        Line(
          text: BoothView.fullBlock(booth.scoreboard.blocks, strings), icon: .flame, size: body,
          color: theme.accentText, isBold: true))
    } else if let rank = sample.rank {
      lines.append(
        Line(
          text: strings(.yourRank, [.count: BoothView.grouped(rank)]), icon: isSmall ? nil : .trophy,
          size: body,
          color: theme.text))
    }
    lines.append(
      Line(
        text: strings(.receipt, [.code: sample.receipt]), icon: isSmall ? nil : .receipt, size: m.small,
        color: theme.quiet))
    return lines
  }

  /// "I read a 7 (99 %)."
  private static func read(_ sample: SavedSample, _ strings: Strings) -> String {
    guard let digit = sample.read else { return strings[.readNone] }
    return strings(
      digit == 8 ? .readAn8 : .readA, [.digit: "\(digit)", .percent: "\(sample.percent)"])
  }

  /// Why a drawing does not count on the board; nil when it does.
  private static func uncounted(_ sample: SavedSample, _ strings: Strings) -> String? {
    if sample.uncounted.isEmpty { return nil }
    if sample.uncounted.contains(.repeated) { return strings[.repeated] }
    return strings[sample.uncounted.isDisjoint(with: [.tooFast, .rushed]) ? .uncounted : .tooFast]
  }

  private static func fullBlock(_ blocks: Int, _ strings: Strings) -> String {
    blocks > 1 ? strings(.fullBlocks, count: blocks) : strings[.fullBlock]
  }
}
