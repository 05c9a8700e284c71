import Ink
import Kernel
import Recognizer
import Spool
import Synchronization

/// The second thread: it recognises and stores, so that neither inference nor fsync ever stands between a touch and its
/// ink.
///
/// The main loop leaves work in a mailbox and is woken when there are answers. Of drawings to read only the newest counts; a
/// drawing to store is kept until the disk has taken it, however long that takes. What the operator asks of a visit by the
/// code of its receipt (``look(for:)``, then ``withdraw(_:)``) is answered once and never tried again by itself.
final class Worker: Sendable {
  /// A drawing on its way to the disk.
  struct Submission: Sendable {
    /// The sample's name, chosen once: however often storing it is tried, it is stored once.
    var id = Identifier.random()
    var asked: Int
    var strokes: [Stroke]
    var canvas: Canvas
    /// The width of the line in canvas pixels.
    var brush: Float = Sketch.brush
    var visit: Visit
    /// Whether a palm was on the glass meanwhile.
    var palmSeen = false
    /// When Submit was pressed: CLOCK_MONOTONIC in nanoseconds.
    var time: UInt64 = 0
  }

  enum Answer: Sendable {
    /// The store is open, or a new visit has begun. ``failing(_:)`` follows where it has no room, and both come again until it has.
    case scoreboard(Scoreboard)
    /// What the newest drawing reads as.
    case reading(Reading)
    /// Committed: it survives a power cut from now on.
    case saved(SavedSample, Scoreboard)
    /// It will never be stored, and is dropped: its visitor has withdrawn the visit, which ends with this.
    case withdrawn(session: Identifier)
    /// It will never be stored, and is dropped: it breaks a rule of the record. The sentence is for the operator.
    case refused(String)
    /// The visits that a receipt's code may mean, for ``look(for:)``: how many drawings of each are here, from when to when,
    /// whether a name is shown with them, and when they were withdrawn. One as a rule; none when no visit here has the
    /// code; several when 35 bits were not enough, and then the times tell them apart.
    case visits([VisitSummary], ReceiptCode)
    /// What became of the wish to delete a visit, for ``withdraw(_:)``: done or before, durably. The visit in hand may be
    /// the one; its counts are told by the next ``welcome(_:)``.
    case withdrawal(Withdrawal, session: Identifier)
    /// The store could not be asked for a visit, or could not delete it: nothing is deleted. The sentence says why, for the
    /// operator, who may try again.
    case notWithdrawn(String)
    /// The store cannot be used by this program as it was set up; the sentence says what to do.
    case unusable(String)
    /// The disk refuses. The sentence is for the operator; the drawing is tried again every two seconds.
    case failing(String)
    /// The thread ends. All that was submitted is stored, or the disk has refused the last drawing once more, which is lost.
    case ended(isAllStored: Bool)
  }

  /// A drawing to be read: its strokes, and its ink for a blot that has none to speak of.
  private struct Drawing {
    var strokes = StrokeBuffer()
    var canvas = [UInt8](repeating: 0, count: Canvas.side * Canvas.side)
    var brush = Sketch.brush

    /// Forgets the drawing, and keeps the room.
    mutating func removeAll() {
      strokes.removeAll()
      for i in canvas.indices { canvas[i] = 0 }
    }
  }

  /// What the operator wants of a visit.
  private enum Wish {
    case look(ReceiptCode)
    case withdraw(Identifier)
  }

  private struct Inbox {
    var drawing = Drawing()
    var drawingIsNew = false
    var submission: Submission?
    var visit: Visit?
    var wishes: [Wish] = []
    /// The round of the heartbeat in which a sign of life is wanted.
    var round: UInt64 = 0
    var end = false
  }

  private let inbox = Mutex(Inbox())
  private let answers = Mutex<[Answer]>([])
  /// The last round of the heartbeat that the thread came upon with all its work done, or with work that goes forward.
  private let alive = Atomic<UInt64>(0)
  private let wakeup: Wakeup
  /// Readable when there are answers.
  let answered: Wakeup
  private let recognizer: Recognizer
  private let makeRecorder: @Sendable () -> any SampleRecorder

  /// How long to wait before a disk that refused is tried again, in nanoseconds.
  static let retry: UInt64 = 2_000_000_000

  /// - Parameters:
  ///   - recorder: made in the worker's own thread, which alone uses it.
  init(
    recognizer: Recognizer, recorder: @escaping @Sendable () -> any SampleRecorder
  ) throws(KernelError) {
    wakeup = try Wakeup()
    answered = try Wakeup()
    self.recognizer = recognizer
    makeRecorder = recorder
  }

  func start() throws(KernelError) {
    try Thread.start(name: "worker") { self.run() }
  }

  // MARK: For the main loop

  /// Leaves the newest drawing to be read; one that was not yet looked at is forgotten. Nothing is allocated once the mailbox
  /// has held a drawing of as many strokes.
  func recognise(_ sketch: borrowing Sketch) {
    inbox.withLock { inbox in
      inbox.drawing.strokes.copy(sketch.strokes)
      sketch.canvas.copyPixels(into: &inbox.drawing.canvas)
      inbox.drawing.brush = sketch.brush
      inbox.drawingIsNew = true
    }
    wakeup.signal()
  }

  func store(_ submission: Submission) {
    inbox.withLock { $0.submission = submission }
    wakeup.signal()
  }

  /// Tells who stands at the panel now; a scoreboard comes back.
  func welcome(_ visit: Visit) {
    inbox.withLock { $0.visit = visit }
    wakeup.signal()
  }

  /// Looks for the visits of a receipt's code; ``Answer/visits(_:_:)`` or ``Answer/notWithdrawn(_:)`` comes back.
  func look(for code: ReceiptCode) {
    inbox.withLock { $0.wishes.append(.look(code)) }
    wakeup.signal()
  }

  /// Deletes a visit that ``look(for:)`` has found; ``Answer/withdrawal(_:session:)`` or ``Answer/notWithdrawn(_:)`` comes
  /// back. It may be asked again after any answer, and deletes once.
  func withdraw(_ session: Identifier) {
    inbox.withLock { $0.wishes.append(.withdraw(session)) }
    wakeup.signal()
  }

  /// Whether the thread has come upon this round of the heartbeat with all its work done, or with work that goes forward; at first it is
  /// asked. A disk that does not return keeps it from that.
  func isAlive(in round: UInt64) -> Bool {
    let isNew = inbox.withLock { inbox in
      defer { inbox.round = max(inbox.round, round) }
      return inbox.round < round
    }
    if isNew { wakeup.signal() }
    return alive.load(ordering: .acquiring) >= round
  }

  /// Asks the thread to store what it has and to end.
  func end() {
    inbox.withLock { $0.end = true }
    wakeup.signal()
  }

  /// Moves all answers into `list`, which keeps its capacity from call to call.
  func takeAnswers(into list: inout [Answer]) {
    answered.acknowledge()
    answers.withLock { swap(&$0, &list) }
  }

  // MARK: In the thread

  private func run() {
    let recorder = makeRecorder()
    recorder.report { [weak self] in self?.proveLife() }
    var recognizer = recognizer
    var drawing = Drawing()
    var pending: Submission?
    var visit: Visit?
    guard let poll = try? Poll(), (try? poll.add(wakeup.raw, tag: 0)) != nil else {
      answer(.failing("cannot create the worker's poll; restart the panel"))
      return
    }
    // A disk that has refused is tried again then, or for another visit or drawing; not whenever a drawing is to be read.
    var due: UInt64 = 0
    while true {
      var (drawingIsNew, isVisitNew, isDue, end) = (false, false, MonotonicClock.now() >= due, false)
      var wishes: [Wish] = []
      var round: UInt64 = 0
      inbox.withLock { inbox in
        if inbox.drawingIsNew { swap(&inbox.drawing, &drawing) }
        drawingIsNew = inbox.drawingIsNew
        inbox.drawingIsNew = false
        if let submission = inbox.submission.take() { (pending, isDue) = (submission, true) }
        if let newcomer = inbox.visit.take() {
          (visit, isDue, isVisitNew) = (newcomer, true, true)
          inbox.drawing.removeAll()
        }
        swap(&inbox.wishes, &wishes)
        (round, end) = (inbox.round, inbox.end)
      }
      if end { isDue = true }
      if drawingIsNew {
        answer(
          .reading(
            recognizer.read(strokes: drawing.strokes, canvas: drawing.canvas, brush: drawing.brush)))
      }
      // What the visitor before has drawn is not kept for the next one.
      if isVisitNew { drawing.removeAll() }
      if isDue, let newcomer = visit {
        switch Result(catching: { () throws(RecorderError) in try recorder.scoreboard(for: newcomer) }) {
        case .success(let scoreboard):
          answer(.scoreboard(scoreboard))
          if let full = scoreboard.full { answer(.failing(full)) } else { visit = nil }
        case .failure(let error):
          answer(error.cause == .setUp ? .unusable(error.description) : .failing(error.description))
        }
      }
      if isDue, let submission = pending {
        let reading = recognizer.read(
          strokes: submission.strokes, canvas: submission.canvas.pixels, brush: submission.brush)
        switch Result(catching: { () throws(RecorderError) in try recorder.record(submission, reading) }) {
        case .success(let (sample, scoreboard)):
          pending = nil
          answer(.saved(sample, scoreboard))
          if let full = scoreboard.full {
            answer(.failing(full))
            // Whoever stands there is told when there is room.
            visit = visit ?? submission.visit
          }
          recorder.tidy()
        case .failure(let error):
          switch error.cause {
          case .disk, .setUp: answer(.failing(error.description))
          case .withdrawn:
            pending = nil
            answer(.withdrawn(session: submission.visit.session))
          case .refused:
            pending = nil
            answer(.refused(error.description))
          }
        }
      }
      for wish in wishes { fulfil(wish, recorder) }
      if end {
        answer(.ended(isAllStored: pending == nil))
        return
      }
      alive.store(round, ordering: .releasing)
      let now = MonotonicClock.now()
      if isDue { due = now + Worker.retry }
      let waiting = pending != nil || visit != nil
      let timeout = waiting ? Int32((max(due, now) - now) / 1_000_000 + 1) : -1
      // A failed wait would be a closed descriptor; the inbox is looked at again either way.
      try? poll.wait(timeout: timeout) { _, _ in }
      wakeup.acknowledge()
    }
  }

  /// Answers the present round of the heartbeat in the midst of work that goes forward.
  private func proveLife() { alive.store(inbox.withLock { $0.round }, ordering: .releasing) }

  private func fulfil(_ wish: Wish, _ recorder: any SampleRecorder) {
    do throws(RecorderError) {
      switch wish {
      case .look(let code): answer(.visits(try recorder.visits(code: code), code))
      case .withdraw(let session):
        answer(.withdrawal(try recorder.withdraw(session: session), session: session))
        recorder.tidy()
      }
    } catch {
      answer(.notWithdrawn(error.description))
    }
  }

  private func answer(_ answer: Answer) {
    answers.withLock { $0.append(answer) }
    answered.signal()
  }
}
