/// Takes a contact that stays in one place for a minute for lifted: a drop of water, a scratch, a fault of the glass.
///
/// Nobody holds a finger still for so long, and one contact that never goes up would keep all others from drawing. It is looked
/// for with every event, so that no timer is needed: what lies there alone hinders nobody. Once taken for lifted, it is ignored
/// until it goes up.
public struct StuckContacts: Sendable {
  /// How long a contact may stay in one place: 60 s in nanoseconds.
  public static let time: UInt64 = 60_000_000_000

  private struct Place: Sendable {
    var last: TouchEvent
    /// Where and when it came to this place.
    var x: Float
    var y: Float
    var since: UInt64
    var isStuck = false
  }

  private var places: [Place] = []

  public init() { places.reserveCapacity(32) }

  /// Whether something lies on the glass now that was taken for lifted.
  public var isAny: Bool { places.contains(where: \.isStuck) }

  /// Whether the event is one of a contact that counts. Nothing is allocated.
  ///
  /// - Parameter slack: panel pixels that a contact may wander and be in its place.
  public mutating func admits(_ event: TouchEvent, slack: Float) -> Bool {
    guard event.phase != .hover else { return true }
    guard let i = places.firstIndex(where: { $0.last.contact == event.contact }) else {
      if event.phase == .down {
        places.append(Place(last: event, x: event.x, y: event.y, since: event.time))
      }
      return true
    }
    let isStuck = places[i].isStuck
    switch event.phase {
    case .up, .cancel: places.remove(at: i)
    default:
      places[i].last = event
      if abs(event.x - places[i].x) > slack || abs(event.y - places[i].y) > slack {
        (places[i].x, places[i].y, places[i].since) = (event.x, event.y, event.time)
      }
    }
    return !isStuck
  }

  /// A contact that is to be taken for lifted by now, as the event that says so; it is told once. Ask until there is none.
  ///
  /// - Parameter now: CLOCK_MONOTONIC in nanoseconds.
  public mutating func lifted(at now: UInt64) -> TouchEvent? {
    guard let i = places.firstIndex(where: { !$0.isStuck && now >= $0.since &+ StuckContacts.time }) else {
      return nil
    }
    places[i].isStuck = true
    var event = places[i].last
    (event.phase, event.time, event.cancellation) = (.cancel, now, .stuck)
    return event
  }
}
