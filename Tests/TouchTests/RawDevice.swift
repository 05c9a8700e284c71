import Ink
import Kernel

@testable import Touch

/// A device that is told event by event, as the kernel would, with what the panel hears of it.
struct RawDevice {
  var decoder: TouchDecoder
  var stream: TouchStream
  /// The time of the next frame: 10 ms after the last.
  var time: UInt64 = 1_000_000_000

  init(
    _ description: DeviceDescription, geometry: TouchGeometry = TouchGeometry(width: 1280, height: 800),
    state: DeviceState = DeviceState()
  ) throws {
    decoder = try TouchDecoder(description, state: state)
    stream = TouchStream(geometry: geometry)
  }

  mutating func send(_ type: UInt16, _ code: UInt16, _ value: Int32) {
    decoder.process(InputEvent(time: time, type: type, code: code, value: value), into: &stream)
  }

  /// One frame of absolute values, keys and relative motions.
  mutating func frame(_ events: [(UInt16, UInt16, Int32)]) {
    for (type, code, value) in events { send(type, code, value) }
    send(EventType.syn, SynCode.report, 0)
    time += 10_000_000
  }

  /// What was heard since the last call.
  mutating func heard() -> [TouchEvent] {
    defer { stream.events.removeAll(keepingCapacity: true) }
    return stream.events
  }

  /// The phases heard since the last call.
  mutating func phases() -> [TouchEvent.Phase] { heard().map(\.phase) }
}

/// Shorter names for the frames of the tests.
func abs(_ code: UInt16, _ value: Int32) -> (UInt16, UInt16, Int32) { (EventType.abs, code, value) }
func key(_ code: UInt16, _ value: Int32) -> (UInt16, UInt16, Int32) { (EventType.key, code, value) }
func rel(_ code: UInt16, _ value: Int32) -> (UInt16, UInt16, Int32) { (EventType.rel, code, value) }
let endOfContact: (UInt16, UInt16, Int32) = (EventType.syn, SynCode.mtReport, 0)

func slot(_ value: Int32) -> (UInt16, UInt16, Int32) { abs(AbsCode.slot, value) }
func id(_ value: Int32) -> (UInt16, UInt16, Int32) { abs(AbsCode.trackingID, value) }
func mtX(_ value: Int32) -> (UInt16, UInt16, Int32) { abs(AbsCode.positionX, value) }
func mtY(_ value: Int32) -> (UInt16, UInt16, Int32) { abs(AbsCode.positionY, value) }
