/// Writes evemu's text (version 1.3).
public enum EvemuWriter {
  /// The head of a recording: everything but its events.
  public static func head(_ description: DeviceDescription) -> String {
    let identity = description.identity
    var text = "# EVEMU 1.3\nN: \(description.name.printable)\n"
    text +=
      "I: \(hex(identity.bus, 4)) \(hex(identity.vendor, 4)) \(hex(identity.product, 4)) \(hex(identity.version, 4))\n"
    text += bitLines("P:", description.properties, bytes: 8)
    // Every device can send EV_SYN, and EV_SYN's line names the types.
    var types = Set(description.codes.keys)
    types.insert(EventType.syn)
    text += bitLines("B: 00", types, bytes: 8)
    for type in description.codes.keys.sorted() {
      let codes = description.codes[type] ?? []
      let bytes = (Int(codes.max() ?? 0) / 64 + 1) * 8
      text += bitLines("B: \(hex(type, 2))", codes, bytes: bytes)
    }
    for (code, axis) in description.axes.sorted(by: { $0.key < $1.key }) {
      text +=
        "A: \(hex(code, 2)) \(axis.minimum) \(axis.maximum) \(axis.fuzz) \(axis.flat) \(axis.resolution)\n"
    }
    return text
  }

  /// One event: `E: seconds.microseconds type code value`.
  public static func line(_ event: InputEvent) -> String {
    let microseconds = event.time / 1000
    let fraction = padded(String(microseconds % 1_000_000), 6)
    return
      "E: \(microseconds / 1_000_000).\(fraction) \(hex(event.type, 4)) \(hex(event.code, 4)) \(value(event.value))\n"
  }

  /// A whole recording.
  public static func text(_ recording: Recording) -> String {
    var text = head(recording.description)
    for event in recording.events { text += line(event) }
    return text
  }

  private static func bitLines(_ start: String, _ numbers: Set<UInt16>, bytes: Int) -> String {
    var text = ""
    for first in stride(from: 0, to: bytes, by: 8) {
      text += start
      for byte in first..<first + 8 {
        var value: UInt16 = 0
        for bit in 0..<8 where numbers.contains(UInt16(byte * 8 + bit)) { value |= 1 << UInt16(bit) }
        text += " \(hex(value, 2))"
      }
      text += "\n"
    }
    return text
  }

  /// Four digits at least, as evemu prints them.
  private static func value(_ value: Int32) -> String {
    value < 0 ? "-" + padded(String(value.magnitude), 3) : padded(String(value), 4)
  }

  private static func hex(_ value: UInt16, _ digits: Int) -> String {
    padded(String(value, radix: 16), digits)
  }

  private static func padded(_ text: String, _ count: Int) -> String {
    String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}
