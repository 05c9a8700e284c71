import Kernel

/// Looks at all displays of the machine: every card of DRM and every framebuffer device.
struct Inspection: Sendable {
  var cards: [CardReport] = []
  var framebuffers: [FramebufferReport] = []
  /// The cards that can be used, open.
  var open: [DRMCard] = []
  /// The card that was in use when it began.
  var held: DRMCard?

  /// Looks at everything; it waits for hardware that is slow to answer.
  ///
  /// - Parameter held: the card in use. Only its own descriptor is master, and only a master is told the truth.
  static func make(holding held: DRMCard?) -> Inspection {
    var found = Inspection()
    found.held = held
    for path in Directory.nodes(at: "/dev/dri", prefix: "card") {
      var report = CardReport(path: path, outcome: .usable([]))
      do throws(KernelError) {
        let card: DRMCard
        if let held, held.path == path, held.isPresent { card = held } else { card = try DRMCard(path: path) }
        report.driver = card.driver
        let connectors = try card.connectors()
        report.outcome = .usable(connectors)
        found.open.append(card)
        do throws(KernelError) { try card.becomeMaster() } catch { report.outcome = .busy(error) }
        if connectors.isEmpty {
          report.outcome = .refused(KernelError("use", path, reason: "it has no connectors"))
        }
      } catch {
        report.outcome = .refused(error)
      }
      found.cards.append(report)
    }
    found.framebuffers = Directory.nodes(at: "/dev", prefix: "fb").map { FramebufferOutput.report($0) }
    return found
  }
}
