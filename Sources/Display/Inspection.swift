import Glibc
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
    for path in nodes("/dev/dri", "card") {
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
    found.framebuffers = nodes("/dev", "fb").map { FramebufferOutput.report($0) }
    return found
  }

  /// The nodes `PREFIXn` of a directory, in the order of their numbers.
  static func nodes(_ directory: String, _ prefix: String) -> [String] {
    guard let list = opendir(directory) else { return [] }
    defer { closedir(list) }
    var numbers: [Int] = []
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)), number >= 0 else {
        continue
      }
      numbers.append(number)
    }
    return numbers.sorted().map { "\(directory)/\(prefix)\($0)" }
  }
}
