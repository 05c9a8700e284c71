import Recognizer
import Spool

/// Why the store could not do something, as one sentence for the operator, and what that means for a drawing.
struct RecorderError: Error, Sendable, CustomStringConvertible {
  /// What the worker decides by.
  enum Cause: Sendable, Equatable {
    /// The disk, for now: the drawing is kept, and tried again until the disk takes it.
    case disk
    /// How the panel was set up: waiting does not help.
    case setUp
    /// The visitor has withdrawn this visit, at another program, while it went on here.
    case withdrawn
    /// The drawing breaks a rule of the record, a limit of its size for one: no try will ever store it.
    case refused
  }

  let description: String
  let cause: Cause

  init(description: String, cause: Cause) {
    self.description = description
    self.cause = cause
  }

  init(_ error: StoreError) {
    description = error.description
    cause =
      switch error.kind {
      case .withdrawn: .withdrawn
      case .refused: .refused
      case .inUse, .missing, .permission, .notAStore, .tooNew: .setUp
      default: .disk
      }
  }
}

/// Where the worker puts drawings: the store, or in tests a disk that fails.
protocol SampleRecorder: AnyObject {
  /// The board as this visitor sees it, and the digit that is next.
  func scoreboard(for visit: Visit) throws(RecorderError) -> Scoreboard

  /// Stores one drawing durably. The same submission again, after an error, stores it once.
  ///
  /// - Throws: ``RecorderError``; with the cause withdrawn or refused the submission will never be stored and is forgotten.
  func record(
    _ submission: Worker.Submission, _ reading: Reading
  ) throws(RecorderError) -> (SavedSample, Scoreboard)

  /// The visits that a receipt's code may mean: one as a rule, none when the code is unknown here.
  func visits(code: ReceiptCode) throws(RecorderError) -> [VisitSummary]

  /// Deletes the drawings of a visit, durably and for good: see ``Store/withdraw(session:wall:patience:)``.
  func withdraw(session: Identifier) throws(RecorderError) -> Withdrawal

  /// Does what can wait until nobody waits for a drawing to be saved.
  func tidy()

  /// Is told once, before all else, what to call again and again while something takes long and yet goes forward, as the change
  /// of an older store's tables does.
  func report(progress: @escaping @Sendable () -> Void)
}

extension SampleRecorder {
  func report(progress: @escaping @Sendable () -> Void) {}
}
