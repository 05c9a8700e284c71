/// Strokes of a pen from elsewhere, as text: a point `x y` a line, y down, a blank line between strokes.
public enum StrokeFile {
  /// The strokes, made to fit 0 ... 1 with a margin of 0.15 and their aspect kept.
  ///
  /// - Throws: ``VisitError`` with the number of a line that is no point.
  public static func parse(_ text: String, name: String) throws(VisitError) -> [DigitShape.Stroke] {
    var strokes: [[DrawingPoint]] = [[]]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let fields = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      if fields.isEmpty {
        strokes.append([])
        continue
      }
      guard fields.count == 2, let x = Double(fields[0]), let y = Double(fields[1]), x.isFinite, y.isFinite
      else {
        throw VisitError("strokes \(name)", "line \(index + 1) is no point")
      }
      strokes[strokes.count - 1].append(DrawingPoint(x, y))
    }
    strokes.removeAll(where: \.isEmpty)
    let all = strokes.joined()
    guard let left = all.map(\.x).min(), let right = all.map(\.x).max(), let top = all.map(\.y).min(),
      let bottom = all.map(\.y).max()
    else { throw VisitError("strokes \(name)", "it has no point") }
    let scale = 0.7 / max(right - left, bottom - top, 1e-9)
    return strokes.map { stroke in
      [
        stroke.map {
          DrawingPoint(
            0.5 + ($0.x - (left + right) / 2) * scale, 0.5 + ($0.y - (top + bottom) / 2) * scale)
        }
      ]
    }
  }
}
