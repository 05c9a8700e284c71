import Display
import Ink
import Kernel
import Touch

/// Brings what the booth asks for onto the screen: new ink at once, parts of the picture when they change, the bars at most once
/// a frame, and over it the cursor of a mouse that moves.
///
/// Nothing but ink is painted before the first picture, ``begin(with:)``.
final class Painter {
  private let screen: Screen
  private let view: BoothView
  private var cursor = Cursor()
  /// The drawing alone, into the picture in memory: of whole screens, and of the bars.
  private(set) var redraws = LatencyRecord()
  private(set) var barMoves = LatencyRecord()
  /// When the first picture was shown, CLOCK_MONOTONIC in nanoseconds; nil before.
  private(set) var firstShown: UInt64?
  private var redrawn: [PixelRect] = []
  private var barsDrawn: UInt64 = 0
  private var barsDue: UInt64?

  /// The bars move at most once a frame.
  private static let frame: UInt64 = 16_000_000

  init(screen: Screen, view: BoothView) {
    self.screen = screen
    self.view = view
    redrawn.reserveCapacity(32)
  }

  /// Shows the first picture.
  func begin(with booth: Booth) {
    firstShown = MonotonicClock.now()
    paint(.everything, of: booth)
    firstShown = MonotonicClock.now()
  }

  /// Puts new ink on the glass: `rect` is in pixels of the shown canvas. The way of a touch.
  func ink(_ rect: PixelRect, of booth: borrowing Booth) {
    screen.show(view.drawInk(rect, of: booth, on: &screen.surface))
  }

  /// Ink that no finger draws: the hand of the invitation, whose way a cursor may stand in.
  func demonstrate(_ rect: PixelRect, of booth: borrowing Booth) {
    guard firstShown != nil else { return }
    hideCursor()
    ink(rect, of: booth)
  }

  /// Draws parts of the picture again, and places of a screen that is not the sheet.
  func paint(_ wanted: Response.Parts, areas: [PixelRect] = [], of booth: Booth) {
    var parts = wanted
    guard !parts.isEmpty || !areas.isEmpty, firstShown != nil else { return }
    let began = MonotonicClock.now()
    if parts.contains(.everything) {
      cursor.forget()
      _ = view.draw(.everything, of: booth, on: &screen.surface)
      redraws.add(MonotonicClock.now() &- began)
      screen.flip()
      barsDue = nil
      return
    }
    if parts.contains(.bars) {
      if began &- barsDrawn < Painter.frame {
        barsDue = barsDrawn &+ Painter.frame
        parts.remove(.bars)
      } else {
        barsDrawn = began
        barsDue = nil
      }
    }
    hideCursor()
    view.draw(parts, of: booth, on: &screen.surface, changed: &redrawn)
    if parts == .bars { barMoves.add(MonotonicClock.now() &- began) }
    if !areas.isEmpty { view.draw(areas: areas, of: booth, on: &screen.surface, changed: &redrawn) }
    for rect in redrawn { screen.show(rect) }
    redrawn.removeAll(keepingCapacity: true)
  }

  /// A mouse shows a cursor while it is the one that moves, and no button of it is down.
  func moveCursor(_ event: TouchEvent) {
    guard event.pointer == .mouse, event.phase == .hover else { return hideCursor() }
    let changed = cursor.move(x: Int(event.x), y: Int(event.y), at: event.time, on: &screen.surface)
    if let changed { screen.show(changed) }
  }

  private func hideCursor() {
    if let changed = cursor.hide(on: &screen.surface) { screen.show(changed) }
  }

  // MARK: Time

  /// When bars that wait for their frame, or a mouse that rests, want ``tick(_:of:)``.
  var barsDeadline: UInt64? { barsDue }
  var cursorDeadline: UInt64? { cursor.deadline }

  func tick(_ now: UInt64, of booth: Booth) {
    if let due = barsDue, now >= due { paint(.bars, of: booth) }
    if let changed = cursor.expire(now, on: &screen.surface) { screen.show(changed) }
  }
}
