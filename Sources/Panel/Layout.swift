import Ink

/// Where everything stands on a panel of a given size: screens adapt, they are not scaled.
///
/// The canvas is 280 panel pixels wide, or 560 or 840 on dense panels, and nothing ever covers it.
struct Layout: Sendable, Equatable {
  enum Form: Sendable, Equatable {
    /// The canvas between two narrow columns (480x320).
    case compact
    /// The canvas as high as the panel, the buttons in the column beside it (1024x600).
    case beside
    /// Prompt, canvas and board side by side, buttons below the canvas.
    case landscape
    /// One below the other.
    case portrait
    /// The canvas nearly as wide as a small panel, the rest in few rows above and below it (320x480).
    case narrow
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
  /// How sure it is, where that stands apart from it; empty elsewhere.
  let guessWords: PixelRect
  /// Clear, in free play.
  let freeClear: PixelRect

  /// - Parameters:
  ///   - width, height: of the panel in pixels, at least 480x320 or 320x480; smaller ones are laid out as if they were that.
  ///   - pixelsPerMillimetre: nil where the display does not tell its size.
  ///   - canvasScale: 1, 2, 3, or nil to choose the largest that fits and is not too large for a hand.
  ///   - isLeftHanded: whether Submit and the board stand at the left.
  init(
    width: Int, height: Int, pixelsPerMillimetre: Float? = nil, canvasScale wanted: Int? = nil,
    isLeftHanded: Bool = false
  ) {
    let width = max(width, height > width ? 320 : 480)
    let height = max(height, width > height ? 320 : 480)
    let metrics = Metrics(width: width, height: height, pixelsPerMillimetre: pixelsPerMillimetre)
    let (form, scale) = Layout.choose(
      width: width, height: height, metrics: metrics, pixelsPerMillimetre: pixelsPerMillimetre, wanted: wanted
    )
    var plan =
      switch form {
      case .compact: Plan.compact(width, height, metrics, Canvas.side * scale)
      case .beside: Plan.beside(width, height, metrics, Canvas.side * scale)
      case .landscape: Plan.landscape(width, height, metrics, Canvas.side * scale)
      case .portrait: Plan.portrait(width, height, metrics, Canvas.side * scale)
      case .narrow: Plan.narrow(width, height, metrics, Canvas.side * scale)
      }
    if isLeftHanded { plan.mirror(width: width) }
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
    guessWords = plan.guessWords
    freeClear = plan.freeClear
  }

  /// Whether it is held upright: what belongs together stands one below the other.
  var isPortrait: Bool { form == .portrait || form == .narrow }

  /// Whether it is small, so that nothing is left over.
  var isCompact: Bool { form == .compact || form == .narrow }

  /// The widest sheet that a hand fills without the arm, in millimetres.
  private static let widestSheet: Float = 160

  /// The largest canvas that leaves room for the rest, at most as large as asked for, or as a hand draws; and the form
  /// in which it fits.
  private static func choose(
    width: Int, height: Int, metrics: Metrics, pixelsPerMillimetre: Float?, wanted: Int?
  ) -> (Form, Int) {
    let forms: [Form] =
      height > width ? [.portrait] : height < 400 ? [.compact] : [.landscape, .beside]
    let largest =
      wanted ?? pixelsPerMillimetre.map { Int($0 * widestSheet / Float(Canvas.side)) } ?? 3
    for scale in (1...max(1, min(3, largest))).reversed() {
      for form in forms
      where Plan.fits(form, width: width, height: height, metrics, side: Canvas.side * scale) {
        return (form, scale)
      }
    }
    if height > width {
      return (
        Plan.holdsPortrait(width: width, height: height, metrics, side: Canvas.side) ? .portrait : .narrow, 1
      )
    }
    return (forms.last ?? .landscape, 1)
  }
}
