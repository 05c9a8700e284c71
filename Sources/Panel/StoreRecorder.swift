import Ink
import PNG
import Randomness
import Recognizer
import Spool

/// Turns a submission into a sample and puts it into the store; lives in the worker's thread.
final class StoreRecorder: SampleRecorder {
  /// What every sample of this program carries.
  struct Provenance: Sendable {
    var software: String
    var model: String
  }

  /// How long another writer is waited for, in milliseconds. A drawing and the digit after it may both have to wait, and the watchdog
  /// does not wait longer than 2.5 s; what was not stored is tried again.
  private static let patience: Int32 = 750

  private let directory: String
  private let provenance: Provenance
  private let rules: ChallengeRules
  private let boardLength: Int
  private let languages: Languages
  private let log: @Sendable (String) -> Void
  private var store: Store?
  private var progress: (@Sendable () -> Void)?
  /// Damage that was met, while the damaged file is not replaced yet.
  private var damage: StoreError?
  /// The sample whose storing has failed so far, or whose visitor could not be told yet: the same bytes are tried again.
  private var pending: Sample?
  /// The drawing that was stored while its visitor could not be told yet: it is counted once.
  private var counted: (id: Identifier, endsBlock: Bool)?
  private var competition = Competition()
  /// Under whom the visit's name counts.
  private var adopted: (session: Identifier, name: String, contributor: Identifier)?
  /// The nicknames that were found for a visit, and what a name from the offer became that somebody has.
  private var offered: (session: Identifier, nicknames: [String: [String]])?
  private var numbered: (session: Identifier, name: String, shown: String)?

  /// - Parameters:
  ///   - directory: of the store; it is opened at the first use.
  ///   - boardLength: rows of the board that the screens can show.
  ///   - languages: whose nicknames are on offer.
  init(
    directory: String, provenance: Provenance, rules: ChallengeRules = ChallengeRules(),
    boardLength: Int = 10, languages: Languages = .english,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.directory = directory
    self.provenance = provenance
    self.rules = rules
    self.boardLength = boardLength
    self.languages = languages
    self.log = log
  }

  func scoreboard(for visit: Visit) throws(RecorderError) -> Scoreboard {
    competition.begin(visit.session)
    return try reach { store throws(StoreError) in
      let contributor = try pseudonym(of: visit, in: store)
      let statistics = try store.statistics()
      ask(of: store, statistics)
      let standing = try store.standing(of: contributor)
      return Scoreboard(
        prompt: statistics.isFull ? nil : try store.nextDigit(for: contributor),
        full: statistics.isFull ? noRoom.description : nil, own: standing.score,
        rank: standing.score > 0 ? standing.rank : nil, total: statistics.samples,
        board: try store.leaderboard(limit: boardLength).map {
          Scoreboard.Row(
            rank: $0.rank, name: $0.name, count: $0.score, own: $0.contributor == contributor)
        }, streak: competition.streak, prompts: store.prompts, blocks: competition.blocks,
        nicknames: try nicknames(for: visit, in: store))
    }
  }

  /// Why collecting pauses below the reserve.
  private var noRoom: StoreError {
    StoreError(.full, "store a drawing in", directory, reason: "less than the reserve of space is left")
  }

  /// Tells the store what the configuration asks for.
  private func ask(of store: Store, _ statistics: Statistics) {
    store.prompts = rules.prompts(counts: statistics.perDigit)
    store.fillsGaps = rules.isEven
  }

  func record(
    _ submission: Worker.Submission, _ reading: Reading
  ) throws(RecorderError) -> (SavedSample, Scoreboard) {
    competition.begin(submission.visit.session)
    let (sample, receipt, prompts) = try keep(submission) { store throws(StoreError) in
      let contributor = try pseudonym(of: submission.visit, in: store)
      let sample = try makeSample(of: submission, reading, by: contributor)
      let statistics = try store.statistics()
      guard !statistics.isFull || counted?.id == submission.id else { throw noRoom }
      ask(of: store, statistics)
      let stored = try store.append(sample, name: name(of: submission.visit, contributor, in: store))
      return (sample, stored.receipt, store.prompts)
    }
    let endsBlock = count(submission, sample, prompts)
    // Where this fails all of it is tried again, and the sample is found in the store.
    let standing = try scoreboard(for: submission.visit)
    (pending, counted) = (nil, nil)
    let saved = SavedSample(
      asked: submission.asked, read: reading.isDigit ? reading.digit : nil, percent: reading.percent,
      receipt: receipt.description, rank: standing.rank, endsBlock: endsBlock,
      uncounted: sample.flags.intersection(.unscored))
    return (saved, standing)
  }

  /// Counts a drawing that was stored, once however often storing it is tried.
  ///
  /// - Returns: whether a full block of `prompts` ends with it.
  private func count(_ submission: Worker.Submission, _ sample: Sample, _ prompts: DigitSet) -> Bool {
    if let counted, counted.id == submission.id { return counted.endsBlock }
    let endsBlock = competition.count(
      digit: submission.asked, hash: InkHash(submission.canvas), flags: sample.flags,
      of: sample.contributor, at: submission.time, prompts: prompts)
    counted = (submission.id, endsBlock)
    return endsBlock
  }

  /// Reaches the store to keep a drawing, and forgets the sample that can never be stored.
  private func keep<Answer>(
    _ submission: Worker.Submission, _ body: (Store) throws(StoreError) -> Answer
  ) throws(RecorderError) -> Answer {
    do throws(RecorderError) {
      return try reach(body)
    } catch {
      if error.cause == .withdrawn || error.cause == .refused { (pending, counted) = (nil, nil) }
      throw error
    }
  }

  func visits(code: ReceiptCode) throws(RecorderError) -> [VisitSummary] {
    try reach { store throws(StoreError) in try store.visits(code: code) }
  }

  func withdraw(session: Identifier) throws(RecorderError) -> Withdrawal {
    // Whoever reads an older state is not waited for: while this thread waits, nothing is recognised or stored. What is left in
    // the log then goes with a later checkpoint.
    try reach { store throws(StoreError) in try store.withdraw(session: session, patience: 500) }
  }

  func report(progress: @escaping @Sendable () -> Void) { self.progress = progress }

  func tidy() {
    // A log that cannot be shortened now is shortened the next time; what is in it is safe.
    try? store?.checkpoint()
  }

  /// Under which pseudonym a visitor counts: a name that is on the board already goes on counting there.
  private func pseudonym(of visit: Visit, in store: Store) throws(StoreError) -> Identifier {
    guard visit.consent.nameShown, visit.isNameTyped, !visit.name.isEmpty else { return visit.pseudonym }
    if let adopted, adopted.session == visit.session, adopted.name == visit.name {
      return adopted.contributor
    }
    let found = try store.contributor(named: visit.name) ?? visit.pseudonym
    adopted = (visit.session, visit.name, found)
    return found
  }

  /// What a visitor is called on the board. A name from the offer that somebody else has by now is told apart by a number.
  private func name(
    of visit: Visit, _ contributor: Identifier, in store: Store
  ) throws(StoreError) -> String {
    guard visit.consent.nameShown, !visit.isNameTyped, !visit.name.isEmpty else { return visit.name }
    if let numbered, numbered.session == visit.session, numbered.name == visit.name { return numbered.shown }
    let isTaken = { (name: String) throws(StoreError) -> Bool in
      let other = try store.contributor(named: name)
      return other != nil && other != contributor
    }
    let shown = try isTaken(visit.name) ? Nicknames.numbered(visit.name, isTaken: isTaken) : visit.name
    numbered = (visit.session, visit.name, shown)
    return shown
  }

  /// Nicknames of each language that nobody in the store has, looked for once a visit.
  private func nicknames(for visit: Visit, in store: Store) throws(StoreError) -> [String: [String]] {
    if let offered, offered.session == visit.session { return offered.nicknames }
    var random = SplitMix64(seed: visit.pseudonym.seed)
    var found: [String: [String]] = [:]
    for strings in languages.all {
      found[strings.language] = try Nicknames(strings).free(
        StoreRecorder.nicknamesOnOffer, limit: NameScreen.limit, using: &random
      ) { name throws(StoreError) in try store.contributor(named: name) != nil }
    }
    offered = (visit.session, found)
    return found
  }

  /// As many nicknames of a language the dice have for a visitor before they begin again.
  private static let nicknamesOnOffer = 8

  private func makeSample(
    of submission: Worker.Submission, _ reading: Reading, by contributor: Identifier
  ) throws(StoreError) -> Sample {
    if let pending, pending.id == submission.id { return pending }
    let (visit, prediction) = (submission.visit, Prediction(reading))
    let png: [UInt8]
    do throws(PNGError) {
      png = try PNG.encode(drawing: submission.canvas.pixels, width: Canvas.side, height: Canvas.side)
    } catch {
      throw StoreError(.other, "store a drawing in", directory, reason: "it cannot be encoded: \(error)")
    }
    var flags = Quality.flags(
      strokes: submission.strokes, canvas: submission.canvas, label: submission.asked,
      prediction: prediction, palmSeen: submission.palmSeen, previous: competition.earlier,
      leastDuration: rules.leastDuration)
    if competition.isRushed(contributor, at: submission.time, perMinute: rules.perMinute) {
      flags.insert(.rushed)
    }
    let sample = Sample(
      id: submission.id, label: submission.asked, strokes: submission.strokes, png: png,
      contributor: contributor, session: visit.session, language: visit.language, consent: visit.consent,
      softwareVersion: provenance.software, modelVersion: provenance.model, prediction: prediction,
      flags: flags, time: .now())
    pending = sample
    return sample
  }

  /// Calls `body` with the store, opening it first where that is still to be done.
  ///
  /// A store that turns out to be damaged, whatever was asked of it, is set aside at once, while it is still known which panel
  /// this is and how far it has counted: whatever is asked next finds a new one.
  private func reach<Answer>(
    _ body: (Store) throws(StoreError) -> Answer
  ) throws(RecorderError) -> Answer {
    do throws(StoreError) {
      return try body(opened())
    } catch {
      if error.kind == .damaged, damage == nil, let store { try? replace(store, because: error) }
      throw RecorderError(error)
    }
  }

  private func opened() throws(StoreError) -> Store {
    if let store {
      if let damage { try replace(store, because: damage) }
      return store
    }
    let open = try Store.open(directory: directory, patience: StoreRecorder.patience, progress: progress)
    for finding in open.findings { log(finding) }
    store = open
    return open
  }

  /// Puts a new file in the place of the damaged one; where that fails, the next try begins with it.
  private func replace(_ store: Store, because error: StoreError) throws(StoreError) {
    damage = error
    try store.recover(because: error)
    damage = nil
    if let finding = store.findings.last { log(finding) }
  }
}
