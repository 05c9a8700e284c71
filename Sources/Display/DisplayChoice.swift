import Kernel

/// Which of the displays that were found is taken, and why each other one is not.
///
/// Card numbers swap between boots (raspberrypi/linux#5403), so what counts is what a card can do now: one with KMS and a
/// connected connector. Built-in displays go before others, then the order of the cards and connectors counts. A
/// framebuffer device is taken where no card of DRM can be; one that is only another way to a card would draw over the
/// program that has the card, so it is taken only when asked for.
struct DisplayChoice: Equatable, Sendable {
  enum Verdict: Equatable, Sendable {
    case connector(card: String, ConnectorReport, DisplayMode)
    case framebuffer(path: String, ScanoutLayout)
    /// Nothing is connected now, but can be later.
    case wait(reason: String)
    case refused(KernelError)
  }

  var verdict: Verdict
  /// Why each other candidate was not taken, one clause each.
  var refusals: [String] = []
  /// The mode that was asked for is not there.
  var missingMode: String?

  /// Whether the displays are to be looked at again although nothing tells that they have changed: who holds a card does not
  /// tell when it lets go, and no node tells when it may be opened.
  func looksAgain(_ cards: [CardReport]) -> Bool {
    switch verdict {
    case .connector: false
    case .framebuffer, .wait: cards.contains { $0.isForbidden || $0.isBusy }
    case .refused: true
    }
  }

  /// The line that says what was taken, and why each other candidate was not.
  ///
  /// - Parameter name: of what was taken.
  func summary(_ name: String) -> String {
    refusals.isEmpty ? "display: \(name)" : "display: \(name); not taken: \(refusals.joined(separator: "; "))"
  }

  /// What a connector is called, for `holding`.
  struct Holding: Equatable, Sendable {
    var card: String
    var connector: String
  }

  /// - Parameter holding: the connector that is in use; it is kept as long as it is connected.
  static func make(
    _ request: DisplayRequest, cards: [CardReport], framebuffers: [FramebufferReport], holding: Holding? = nil
  ) -> DisplayChoice {
    switch request.kind {
    case .drm(let connector):
      var choice = chooseDRM(request, connector, cards, holding) ?? DisplayChoice(verdict: nothing(cards, []))
      choice.refusals += framebuffers.map { "\($0.name): DRM was asked for" }
      return choice
    case .fbdev(let device):
      var choice = chooseFramebuffer(device, request.mode, framebuffers) { _ in true }
      choice.refusals += cards.map { "\($0.name): fbdev was asked for" }
      return choice
    case .auto, .headless:
      let drm = chooseDRM(request, nil, cards, holding)
      if var drm, case .connector = drm.verdict {
        drm.refusals += framebuffers.map {
          "\($0.name): \($0.isEmulated ? "another way to a card of DRM" : "DRM goes before fbdev")"
        }
        return drm
      }
      // Where a card waits or is held by another, its emulated framebuffer is not a display of its own.
      let isHeld = cards.contains { if case .refused = $0.outcome { false } else { true } }
      var choice = chooseFramebuffer(nil, request.mode, framebuffers) { !isHeld || !$0.isEmulated }
      if case .framebuffer = choice.verdict {
        choice.refusals += refusals(cards, taken: nil)
        return choice
      }
      if let drm {
        return DisplayChoice(verdict: drm.verdict, refusals: drm.refusals + choice.refusals)
      }
      return DisplayChoice(
        verdict: nothing(cards, framebuffers), refusals: refusals(cards, taken: nil) + choice.refusals)
    }
  }

  /// What DRM has: a connector, or something to wait for; nil where no card can be used.
  private static func chooseDRM(
    _ request: DisplayRequest, _ connector: String?, _ cards: [CardReport], _ holding: Holding?
  ) -> DisplayChoice? {
    var found: [(card: String, connector: ConnectorReport, rank: Int)] = []
    var known: [String] = []
    var waiting: [String] = []
    for card in cards {
      guard case .usable(let connectors) = card.outcome else { continue }
      for each in connectors where !each.name.hasPrefix("Writeback-") {
        known.append(each.name)
        guard connector == nil || connector == each.name else { continue }
        guard each.isUsable else {
          waiting.append("\(each.name) of \(card.name)")
          continue
        }
        let isHeld = holding == Holding(card: card.path, connector: each.name)
        found.append((card.path, each, isHeld ? 0 : each.status == .unknown ? 3 : each.isBuiltIn ? 1 : 2))
      }
    }
    let lowest = found.map(\.rank).min()
    if let best = found.first(where: { $0.rank == lowest }),
      let mode = DisplayMode.choose(request.mode, of: best.connector.modes, running: best.connector.running)
    {
      var choice = DisplayChoice(verdict: .connector(card: best.card, best.connector, mode))
      choice.refusals = refusals(cards, taken: (best.card, best.connector.name), asked: connector)
      if let wanted = request.mode, wanted.width != mode.width || wanted.height != mode.height {
        // Several timings of one size and rate are one mode to a person.
        var modes: [String] = []
        for mode in best.connector.modes.map(\.description) where !modes.contains(mode) { modes.append(mode) }
        choice.missingMode =
          "\(best.connector.name) has no mode \(wanted); it has \(modes.joined(separator: ", "))"
      }
      return choice
    }
    if !waiting.isEmpty {
      return DisplayChoice(
        verdict: .wait(
          reason:
            "nothing is connected to \(waiting.joined(separator: ", ")); "
            + "plug a display in, or name another with --display"),
        refusals: refusals(cards, taken: nil, asked: connector))
    }
    if let connector, !known.isEmpty {
      let error = KernelError(
        "find", "connector \(connector)", reason: "no card has it",
        next: "take one of \(known.joined(separator: ", "))")
      return DisplayChoice(verdict: .refused(error), refusals: refusals(cards, taken: nil, asked: connector))
    }
    return nil
  }

  private static func chooseFramebuffer(
    _ device: String?, _ mode: DisplayRequest.Mode?, _ framebuffers: [FramebufferReport],
    _ mayTake: (FramebufferReport) -> Bool
  ) -> DisplayChoice {
    var taken: (path: String, layout: ScanoutLayout)?
    var refusals: [String] = []
    for each in framebuffers {
      if let device, device != each.path {
        refusals.append("\(each.name): \(device) was asked for")
      } else if case .refused(let error) = each.outcome {
        refusals.append("\(each.name): \(clause(error))")
      } else if !mayTake(each) {
        refusals.append("\(each.name): another way to a card of DRM")
      } else if taken == nil, case .usable(let layout) = each.outcome {
        taken = (each.path, layout)
      } else {
        refusals.append("\(each.name): the first framebuffer is taken")
      }
    }
    if let taken {
      var choice = DisplayChoice(verdict: .framebuffer(path: taken.path, taken.layout), refusals: refusals)
      if let mode, mode.width != taken.layout.width || mode.height != taken.layout.height {
        choice.missingMode =
          "\(taken.path) has no mode \(mode); fbdev keeps \(taken.layout.width)x\(taken.layout.height)"
      }
      return choice
    }
    for case .refused(let error) in framebuffers.filter({ device == nil || device == $0.path }).map(\.outcome)
    {
      return DisplayChoice(verdict: .refused(error), refusals: refusals)
    }
    let object = device ?? "a framebuffer"
    let error = KernelError(
      "find", object, reason: "there is no such device", next: "load the driver of the display")
    return DisplayChoice(verdict: .refused(error), refusals: refusals)
  }

  /// Why there is no display at all: the refusal that a person can do most about.
  private static func nothing(_ cards: [CardReport], _ framebuffers: [FramebufferReport]) -> Verdict {
    for case .busy(let error) in cards.map(\.outcome) { return .refused(error) }
    var refused: [KernelError] = []
    for case .refused(let error) in cards.map(\.outcome) { refused.append(error) }
    for case .refused(let error) in framebuffers.map(\.outcome) { refused.append(error) }
    if let error = refused.first(where: { $0.nextStep != nil }) ?? refused.first { return .refused(error) }
    return .refused(
      KernelError(
        "find", "a display", reason: "there is no /dev/dri/card* and no /dev/fb*",
        next: "load the driver of the display, or try --display headless:1280x800"))
  }

  /// A clause for each card, and for each connector of the usable ones, that is not taken.
  private static func refusals(
    _ cards: [CardReport], taken: (card: String, connector: String)?, asked: String? = nil
  ) -> [String] {
    cards.flatMap { card -> [String] in
      switch card.outcome {
      case .refused(let error), .busy(let error): return ["\(card.name): \(clause(error))"]
      case .usable(let connectors):
        return connectors.compactMap { each in
          if let taken, taken == (card.path, each.name) { return nil }
          return "\(each.name) of \(card.name): \(why(each, asked: asked))"
        }
      }
    }
  }

  private static func why(_ connector: ConnectorReport, asked: String?) -> String {
    if connector.name.hasPrefix("Writeback-") { return "no display" }
    if let asked, asked != connector.name { return "\(asked) was asked for" }
    if connector.status == .disconnected { return "not connected" }
    if connector.modes.isEmpty { return "no modes" }
    if connector.crtcs.isEmpty { return "no CRTC" }
    return "another display goes before it"
  }

  /// An error without its object, which the clause begins with already.
  private static func clause(_ error: KernelError) -> String {
    error.nextStep.map { "\(error.reason); \($0)" } ?? error.reason
  }
}
