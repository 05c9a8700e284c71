import Display
import Ink

extension BoothView {
  func drawStillThere(_ staged: Staged<StillThereScreen>, _ booth: Booth, on surface: inout Surface) {
    let (screen, layout) = (staged.screen, booth.layout)
    let m = layout.metrics
    surface.fill(surface.bounds, theme.ground)
    letters.line(
      booth.strings[.stillThere], in: screen.question(in: layout), on: &surface, size: m.title * 14 / 10,
      color: theme.text, align: .centre, bold: true)
    let number = screen.number(in: layout)
    letters.line(
      "\(screen.seconds)", in: number, on: &surface, size: number.height, color: theme.accent, align: .centre,
      bold: true)
    let bar = screen.bar(in: layout)
    surface.fill(bar, theme.track, radius: bar.height / 2)
    let left = min(bar.width, bar.width * screen.seconds / max(1, screen.whole))
    surface.fill(
      PixelRect(x: bar.x, y: bar.y, width: max(bar.height, left), height: bar.height), theme.accent,
      radius: bar.height / 2)
    var advice = screen.advice(in: layout)
    let used = letters.paragraph(
      booth.strings[.touchToGoOn], in: advice, on: &surface, size: m.large, color: theme.text, align: .centre)
    advice.y += used + m.unit / 2
    advice.height -= used + m.unit / 2
    letters.paragraph(
      booth.strings[.wipedOtherwise], in: advice, on: &surface, size: m.body, color: theme.quiet,
      align: .centre)
  }
}
