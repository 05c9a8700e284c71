import Recognizer

/// Why a drawing could not be stored yet, as one sentence for the operator.
struct RecorderError: Error, Sendable, CustomStringConvertible {
  let description: String
  /// Whether it is how the panel was set up, not the disk: waiting does not help.
  let isSetUp: Bool
}

/// Where the worker puts drawings: the store, or in tests a disk that fails.
protocol SampleRecorder: AnyObject {
  /// The board as this visitor sees it, and the digit that is next.
  func scoreboard(for visit: Visit) throws(RecorderError) -> Scoreboard

  /// Stores one drawing durably. The same submission again, after an error, stores it once.
  func record(
    _ submission: Worker.Submission, _ reading: Reading
  ) throws(RecorderError) -> (SavedSample, Scoreboard)

  /// Does what can wait until nobody waits for a drawing to be saved.
  func tidy()
}
