import Kernel

/// A device node that was looked at, with the reason why it is taken or not.
public struct TouchCandidate: Equatable, Sendable, CustomStringConvertible {
  public enum Verdict: Equatable, Sendable {
    case taken(DeviceKind)
    case refused(String)
    /// The node could not be opened or asked.
    case closed(KernelError)
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
    case .closed(let error): return "\(who): not taken, \(TouchCandidate.words(error))"
    }
  }

  /// One line on all candidates: what is taken, and why each other is not. Nodes that are closed to us for the same
  /// reason, as all of them are to a user without rights, stand together.
  ///
  /// - Parameter directory: where the nodes are.
  public static func summary(of candidates: [TouchCandidate], in directory: String) -> String {
    if candidates.isEmpty {
      return "no touch device: there is none in \(directory); one that is plugged in is taken"
    }
    var parts = candidates.filter(\.isTaken).map(\.description)
    if parts.isEmpty { parts = ["no touch device"] }
    var reasons: [String] = []
    var closed: [String: [TouchCandidate]] = [:]
    for candidate in candidates where !candidate.isTaken {
      guard case .closed(let error) = candidate.verdict else {
        parts.append(candidate.description)
        continue
      }
      let reason = words(error)
      if closed[reason] == nil { reasons.append(reason) }
      closed[reason, default: []].append(candidate)
    }
    for reason in reasons {
      let nodes = closed[reason] ?? []
      parts +=
        nodes.count > 1
        ? ["\(nodes.count) nodes of \(directory): not taken, \(reason)"] : nodes.map(\.description)
    }
    return parts.joined(separator: "; ")
  }

  private static func words(_ error: KernelError) -> String {
    error.nextStep.map { "\(error.reason); \($0)" } ?? error.reason
  }
}
