import Ink
import Settings

/// Where the keypad stands: beside the field on a wide panel, below it on a high one.
extension PINScreen {
  struct Places {
    var title = PixelRect.empty
    var field = PixelRect.empty
    var message = PixelRect.empty
    var back = PixelRect.empty
    var keys: [(control: Control, rect: PixelRect)] = []

    func key(_ control: Control) -> PixelRect? { keys.first { $0.control == control }?.rect }
  }

  /// The keys as a telephone has them.
  private static let keypad: [Control] = (1...9).map { .digit($0) } + [.erase, .digit(0), .enter]

  func places(in layout: Layout) -> Places {
    let (bounds, m) = (layout.bounds, layout.metrics)
    var places = Places()
    let margin = layout.isCompact ? 2 * m.unit : 4 * m.unit
    let inner = bounds.inset(by: margin)
    let isWide = bounds.width > bounds.height
    let gap = m.unit
    // A key is as large as there is room for, but no larger than a hand likes.
    let above = m.title * 3 / 2 + max(m.target, m.large * 2) + m.body * 4 + 3 * m.unit
    let room =
      isWide
      ? (inner.height - 3 * gap) / 4
      : min((inner.width - 2 * gap) / 3, (inner.height - above - m.target - 3 * m.unit - 3 * gap) / 4)
    let key = min(room, max(m.target, m.title * 5 / 2))
    let width = min(key * 5 / 4, isWide ? (inner.width / 2 - 2 * gap) / 3 : (inner.width - 2 * gap) / 3)
    let (padWidth, padHeight) = (3 * width + 2 * gap, 4 * key + 3 * gap)
    let text =
      isWide
      ? min(inner.width - padWidth - 6 * m.unit, m.body * 22)
      : layout.form == .narrow ? inner.width : min(inner.width, padWidth)
    let fieldHeight = max(m.target, m.large * 2)
    let pad: (x: Int, y: Int)
    if isWide {
      let block = text + 6 * m.unit + padWidth
      let x = inner.x + (inner.width - block) / 2
      pad = (x + text + 6 * m.unit, inner.y + (inner.height - padHeight) / 2)
      let top = state == .unset ? inner.y : pad.y
      let bottom = state == .unset ? inner.maxY : pad.y + padHeight
      places.title = PixelRect(x: x, y: top, width: text, height: m.title * 3 / 2)
      places.field = PixelRect(x: x, y: places.title.maxY + m.unit, width: text, height: fieldHeight)
      places.back = PixelRect(x: x, y: bottom - m.target, width: min(text, m.body * 9), height: m.target)
    } else {
      let block = m.title * 3 / 2 + fieldHeight + m.body * 4 + padHeight + m.target + 6 * m.unit
      let x = inner.x + (inner.width - text) / 2
      let top = inner.y + max(0, (inner.height - block) / 2)
      places.title = PixelRect(x: x, y: top, width: text, height: m.title * 3 / 2)
      places.field = PixelRect(x: x, y: places.title.maxY + m.unit, width: text, height: fieldHeight)
      pad = (
        inner.x + (inner.width - padWidth) / 2, places.field.maxY + m.body * 4 + 2 * m.unit
      )
      let bottom = state == .unset ? inner.maxY : min(inner.maxY, pad.y + padHeight + 3 * m.unit + m.target)
      places.back = PixelRect(x: x, y: bottom - m.target, width: min(text, m.body * 9), height: m.target)
    }
    let messageTop = (state == .unset ? places.title.maxY : places.field.maxY) + m.unit
    let messageBottom = isWide || state == .unset ? places.back.y - m.unit : pad.y - m.unit
    places.message = PixelRect(
      x: places.title.x, y: messageTop, width: state == .unset && isWide ? inner.maxX - places.title.x : text,
      height: max(0, messageBottom - messageTop))
    guard state != .unset else { return places }
    for (index, control) in PINScreen.keypad.enumerated() {
      places.keys.append(
        (
          control,
          PixelRect(
            x: pad.x + (index % 3) * (width + gap), y: pad.y + (index / 3) * (key + gap), width: width,
            height: key)
        ))
    }
    return places
  }

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    let places = places(in: layout)
    let keys = places.keys.map { control, rect in
      ScreenControl(control: control, rect: rect, isEnabled: isEnabled(control))
    }
    return keys + [ScreenControl(control: .back, rect: places.back)]
  }

  func isEnabled(_ control: Control) -> Bool {
    switch control {
    case .digit: takesDigits
    case .erase: takesDigits
    case .enter: takesDigits && pin.utf8.count >= PIN.lengths.lowerBound
    case .back: true
    }
  }
}
