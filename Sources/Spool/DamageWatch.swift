/// Sees the errors of a connection, and tells the first damage among them to whoever must know of it.
///
/// Reading meets damage more often than storing does, and who reads seldom sets a file aside: so every error goes through here.
final class DamageWatch {
  private var tell: ((String) -> Void)?

  /// - Parameter tell: called once, with the reason.
  init(_ tell: ((String) -> Void)? = nil) {
    self.tell = tell
  }

  /// The same error, after it was looked at.
  func seen(_ error: StoreError) -> StoreError {
    if error.kind == .damaged {
      tell?(error.reason)
      tell = nil
    }
    return error
  }
}
