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
    drawCountdown(
      screen.number(in: layout), seconds: screen.seconds, of: screen.whole, m, on: &surface)
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
