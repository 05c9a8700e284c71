/// Lets one contact through: a stroke belongs to the finger that began it.
///
/// A second finger or the ball of the hand never joins the stroke with a straight line (jSignature#104, tldraw#9145); it
/// is ignored until all are up, also when the first is lifted before.
public struct StrokeFilter: Sendable {
  /// The contact that is let through, or 0.
  public private(set) var owner: Int32 = 0
  private var others: [Int32] = []

  public init() {
    others.reserveCapacity(32)
  }

  /// Whether the event belongs to the stroke (or is a hover while nothing presses).
  public mutating func admits(_ event: TouchEvent) -> Bool {
    switch event.phase {
    case .hover: return owner == 0 && others.isEmpty
    case .down:
      if owner == 0 && others.isEmpty {
        owner = event.contact
        return true
      }
      others.append(event.contact)
      return false
    case .move: return event.contact == owner
    case .up, .cancel:
      if event.contact == owner {
        owner = 0
        return true
      }
      others.removeAll { $0 == event.contact }
      return false
    }
  }

  /// Gives the stroke in hand up, as when a screen changes under the finger: nothing is let through until all are up.
  public mutating func release() {
    if owner != 0 { others.append(owner) }
    owner = 0
  }
}
