/// A device node that was looked at, with the reason why it is taken or not.
public struct TouchCandidate: Equatable, Sendable, CustomStringConvertible {
  public enum Verdict: Equatable, Sendable {
    case taken(DeviceKind)
    case refused(String)
  }

  /// The node, or the file of a recording.
  public let path: String
  /// As the device names itself; empty when it could not be opened.
  public let name: String
  public let verdict: Verdict

  public init(path: String, name: String, verdict: Verdict) {
    self.path = path
    self.name = name.printable
    self.verdict = verdict
  }

  public var isTaken: Bool {
    if case .taken = verdict { true } else { false }
  }

  public var description: String {
    let who = name.isEmpty ? path : "\(name) (\(path))"
    switch verdict {
    case .taken(let kind): return "\(who): taken, \(kind)"
    case .refused(let reason): return "\(who): not taken, \(reason)"
    }
  }
}

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
