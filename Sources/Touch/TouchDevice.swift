/// A device in use, as status and a touch test page show it.
public struct TouchDevice: Equatable, Sendable {
  public let name: String
  public let path: String
  public let kind: DeviceKind
  /// Frames per second while touched (the median of the last), or nil before a few of them.
  public let reportRate: Double?
  /// A sentence when the device sent values outside of the range that it declared, which are put on the edge.
  public let note: String?

  init(name: String, path: String, decoder: TouchDecoder) {
    self.name = name.printable
    self.path = path
    kind = decoder.kind
    reportRate = decoder.reportRate
    note = decoder.axes.flatMap { axes in
      let lies = [("x", axes.x), ("y", axes.y)].compactMap { name, axis in
        axis.lies ? "\(name) of \(axis.declared) sent \(axis.observed ?? axis.declared)" : nil
      }
      return lies.isEmpty ? nil : "outside its declared range: " + lies.joined(separator: ", ")
    }
  }
}
