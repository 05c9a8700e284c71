import Ink
import PNG
import Recognizer
import Spool

/// Turns a submission into a sample and puts it into the store; lives in the worker's thread.
final class StoreRecorder: SampleRecorder {
  /// What every sample of this program carries.
  struct Provenance: Sendable {
    var software: String
    var model: String
    var language = "en"
    var consent: Consent
  }

  private let directory: String
  private let provenance: Provenance
  private let boardLength: Int
  private let log: @Sendable (String) -> Void
  private var store: Store?
  /// The sample whose storing has failed so far: the same bytes are tried again.
  private var pending: Sample?
  /// Hashes of this visit's drawings, to flag one that is handed in again.
  private var earlier: (session: Identifier, hashes: [InkHash]) = (.none, [])

  /// - Parameters:
  ///   - directory: of the store; it is opened at the first use.
  ///   - boardLength: rows of the board that the screens can show.
  init(
    directory: String, provenance: Provenance, boardLength: Int = 10,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.directory = directory
    self.provenance = provenance
    self.boardLength = boardLength
    self.log = log
  }

  func scoreboard(for visit: Visit) throws(RecorderError) -> Scoreboard {
    try reach { store throws(StoreError) in
      let standing = try store.standing(of: visit.pseudonym)
      return Scoreboard(
        prompt: try store.nextDigit(for: visit.pseudonym), own: standing.score,
        rank: standing.score > 0 ? standing.rank : nil, total: try store.statistics().samples,
        board: try store.leaderboard(limit: boardLength).map {
          Scoreboard.Row(
            rank: $0.rank, name: $0.name, count: $0.score,
            own: $0.contributor == visit.pseudonym)
        })
    }
  }

  func record(
    _ submission: Worker.Submission, _ reading: Reading
  ) throws(RecorderError) -> (SavedSample, Scoreboard) {
    let sample = try sample(of: submission, reading)
    pending = sample
    let receipt = try reach { store throws(StoreError) in
      guard try !store.statistics().isFull else {
        throw StoreError(
          .full, "store a drawing in", directory, reason: "less than the reserve of space is left")
      }
      return try store.append(sample, name: submission.visit.nickname).receipt
    }
    pending = nil
    earlier.hashes.append(InkHash(submission.canvas))
    let saved = SavedSample(
      asked: submission.asked, read: reading.isDigit ? reading.digit : nil, percent: reading.percent,
      receipt: receipt.description)
    return (saved, try scoreboard(for: submission.visit))
  }

  func tidy() {
    // A log that cannot be shortened now is shortened the next time; what is in it is safe.
    try? store?.checkpoint()
  }

  private func sample(of submission: Worker.Submission, _ reading: Reading) throws(RecorderError) -> Sample {
    if let pending, pending.id == submission.id { return pending }
    if earlier.session != submission.visit.session { earlier = (submission.visit.session, []) }
    let prediction = Prediction(reading)
    let png: [UInt8]
    do throws(PNGError) {
      png = try PNG.encode(gray: submission.canvas.pixels, width: Canvas.side, height: Canvas.side)
    } catch {
      throw RecorderError(description: "cannot encode the drawing: \(error)", isSetUp: false)
    }
    return Sample(
      id: submission.id, label: submission.asked, strokes: submission.strokes, png: png,
      contributor: submission.visit.pseudonym, session: submission.visit.session,
      language: provenance.language, consent: provenance.consent, softwareVersion: provenance.software,
      modelVersion: provenance.model, prediction: prediction,
      flags: Quality.flags(
        strokes: submission.strokes, canvas: submission.canvas, label: submission.asked,
        prediction: prediction, previous: earlier.hashes),
      time: .now())
  }

  /// Calls `body` with the store, opening it first where that is still to be done or was undone by damage.
  private func reach<Answer>(
    _ body: (Store) throws(StoreError) -> Answer
  ) throws(RecorderError) -> Answer {
    do throws(StoreError) {
      let open: Store
      if let store {
        open = store
      } else {
        open = try Store.open(directory: directory)
        for finding in open.findings { log(finding) }
        store = open
      }
      return try body(open)
    } catch {
      // A damaged store is set aside when it is opened again; another error may have left it half open.
      if error.kind == .damaged { store = nil }
      throw RecorderError(
        description: error.description,
        isSetUp: [.inUse, .missing, .permission, .notAStore, .tooNew].contains(error.kind))
    }
  }
}
