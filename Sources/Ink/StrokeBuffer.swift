/// A copy of a drawing's strokes that is made again and again, such as a mailbox that another thread reads: after the first
/// few copies nothing is allocated.
public struct StrokeBuffer: Sendable, RandomAccessCollection {
  private var strokes: [Stroke] = []
  public private(set) var count = 0

  public init() {}

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }
  public subscript(index: Int) -> Stroke { strokes[index] }

  /// Forgets what was there and copies a drawing.
  public mutating func copy(_ drawing: [Stroke]) {
    for (i, stroke) in drawing.enumerated() {
      if i == strokes.count {
        strokes.append(Stroke())
        strokes[i].points.reserveCapacity(2048)
      }
      strokes[i].points.removeAll(keepingCapacity: true)
      strokes[i].points.append(contentsOf: stroke.points)
    }
    count = drawing.count
  }

  /// Forgets the drawing, and keeps the room.
  public mutating func removeAll() {
    // Those too that a longer drawing has left behind the present one.
    for i in strokes.indices { strokes[i].points.removeAll(keepingCapacity: true) }
    count = 0
  }
}
