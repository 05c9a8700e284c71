import CDRM
import Glibc

/// The named properties of an object of a card: a connector, a CRTC or a plane.
struct DRMProperties {
  /// The object's own number.
  let object: UInt32
  private var entries: [String: (id: UInt32, value: UInt64)] = [:]

  /// Reads them all; an object without properties has none.
  init(card: DRMCard, object: UInt32, kind: UInt32) {
    self.object = object
    guard let list = drmModeObjectGetProperties(card.raw, object, kind) else { return }
    defer { drmModeFreeObjectProperties(list) }
    for i in 0..<Int(list.pointee.count_props) {
      guard let property = drmModeGetProperty(card.raw, list.pointee.props[i]) else { continue }
      let name = withUnsafeBytes(of: property.pointee.name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      entries[name] = (list.pointee.props[i], list.pointee.prop_values[i])
      drmModeFreeProperty(property)
    }
  }

  func id(_ name: String) -> UInt32? { entries[name]?.id }
  func value(_ name: String) -> UInt64? { entries[name]?.value }
}
