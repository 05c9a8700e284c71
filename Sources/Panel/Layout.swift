import Ink

/// Where everything stands on a panel of a given size: screens adapt, they are not scaled.
///
/// The canvas is 280 panel pixels wide, or 560 or 840 on dense panels, and nothing ever covers it.
struct Layout: Sendable, Equatable {
  enum Form: Sendable, Equatable {
    /// Canvas at the left, everything else in one column (480x320).
    case compact
    /// Prompt, canvas and board side by side.
    case landscape
    /// One below the other.
    case portrait
  }

  let form: Form
  let bounds: PixelRect
  let metrics: Metrics
  let canvasScale: Int
  let canvas: PixelRect

  /// The two ways to draw, side by side.
  let challengeTab: PixelRect
  let freePlayTab: PixelRect
  /// The event's name.
  let title: PixelRect

  /// "Draw a 7".
  let prompt: PixelRect
  /// What just happened, in one or two lines.
  let message: PixelRect
  let undo: PixelRect
  let clear: PixelRect
  let submit: PixelRect
  /// Own count and total.
  let counts: PixelRect
  /// The leaderboard, where there is room for it.
  let board: PixelRect?

  /// Ten bars: 0-4 at the left of the canvas, 5-9 at the right.
  let bars: [PixelRect]
  /// The top guess, large.
  let guess: PixelRect
  /// Clear, in free play.
  let freeClear: PixelRect

  /// - Parameters:
  ///   - width, height: of the panel in pixels, at least 480x320 or 320x480; smaller ones are laid out as if they were that.
  ///   - pixelsPerMillimetre: nil where the display does not tell its size.
  ///   - canvasScale: 1, 2, 3, or nil to choose by the panel's density.
  init(width: Int, height: Int, pixelsPerMillimetre: Float? = nil, canvasScale wanted: Int? = nil) {
    let width = max(width, height > width ? 320 : 480)
    let height = max(height, width > height ? 320 : 480)
    let metrics = Metrics(width: width, height: height, pixelsPerMillimetre: pixelsPerMillimetre)
    let form: Form = height > width ? .portrait : (height < 400 ? .compact : .landscape)
    let scale = Layout.scale(
      width: width, height: height, form: form, metrics: metrics, pixelsPerMillimetre: pixelsPerMillimetre,
      wanted: wanted)
    let plan =
      switch form {
      case .compact: Plan.compact(width, height, metrics, Canvas.side * scale)
      case .landscape: Plan.landscape(width, height, metrics, Canvas.side * scale)
      case .portrait: Plan.portrait(width, height, metrics, Canvas.side * scale)
      }
    self.form = form
    self.metrics = metrics
    bounds = PixelRect(x: 0, y: 0, width: width, height: height)
    canvasScale = scale
    canvas = plan.canvas
    challengeTab = plan.challengeTab
    freePlayTab = plan.freePlayTab
    title = plan.title
    prompt = plan.prompt
    message = plan.message
    undo = plan.undo
    clear = plan.clear
    submit = plan.submit
    counts = plan.counts
    board = plan.board
    bars = plan.bars
    guess = plan.guess
    freeClear = plan.freeClear
  }

  /// The largest canvas that leaves room for the rest, as asked for, or such that the sheet measures about 45 mm.
  private static func scale(
    width: Int, height: Int, form: Form, metrics: Metrics, pixelsPerMillimetre: Float?, wanted: Int?
  ) -> Int {
    func fits(_ scale: Int) -> Bool {
      let side = Canvas.side * scale
      let rows = side + 2 * metrics.target + 6 * metrics.unit
      return switch form {
      case .compact: scale == 1
      case .landscape: rows <= height && side + 2 * Plan.leastColumn(metrics) <= width
      case .portrait:
        rows + 3 * metrics.target <= height && side + 2 * Plan.leastBars(metrics) <= width
      }
    }
    let asked = wanted ?? Int(((pixelsPerMillimetre ?? 0) * 45 / Float(Canvas.side)).rounded(.up))
    return (1...3).last { $0 <= max(1, asked) && ($0 == 1 || fits($0)) } ?? 1
  }
}
