import Ink

extension PixelRect {
  /// A row shared by buttons with names of unlike length: each at least 48 pixels wide, and what is over goes by the letters.
  ///
  /// - Parameter gap: between two of them, in pixels.
  static func shares(of row: PixelRect, for names: [String], gap: Int) -> [PixelRect] {
    let least = 48
    let letters = names.reduce(0) { $0 + $1.count }
    let free = row.width - gap * (names.count - 1) - least * names.count
    guard letters > 0, free >= 0 else { return [] }
    // What a button has beyond the least is in the ratio of the letters that do not fit into that.
    let beyond = names.map { max(1, $0.count - 5) }
    let whole = beyond.reduce(0, +)
    var (places, taken, x): ([PixelRect], Int, Int) = ([], 0, row.x)
    for share in beyond {
      let before = free * taken / whole
      taken += share
      let width = least + free * taken / whole - before
      places.append(PixelRect(x: x, y: row.y, width: width, height: row.height))
      x += width + gap
    }
    return places
  }
}
