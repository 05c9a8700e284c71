import Kernel
import Spool

/// Why a sync cannot go on: what the other end did, or what it said.
public enum SyncError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No magic within what may come before it; with the first of what came instead.
  case noMagic(seen: String)
  /// The stream ended before the sync did.
  case ended
  /// Bytes that are no frame: what is wrong with them.
  case malformed(String)
  /// A frame that has no business here.
  case unexpected(String)
  /// More than any honest other end sends.
  case excessive(String)
  /// The other end speaks only other versions.
  case version(lowest: Int, highest: Int)
  /// The other end said why it cannot go on.
  case refused(RefusalCode, String)
  /// The other store has the identity of this one.
  case ownIdentity(Identifier)
  /// The receipt was written by the store that is to take it.
  case ownReceipt
  /// The receipt was written for another store.
  case othersReceipt
  /// A store at this end failed.
  case store(StoreError)
  /// The system at this end refused something.
  case system(KernelError)
  /// Another collector was at the store for so many seconds.
  case busy(seconds: UInt64)
  /// Nothing came for so many seconds.
  case silence(seconds: UInt64)
  /// For so many seconds something came, but nothing of use.
  case stalled(seconds: UInt64)

  /// The result of `body`, with an error of the store as one of the sync.
  static func mapping<Result>(_ body: () throws(StoreError) -> Result) throws(SyncError) -> Result {
    do throws(StoreError) { return try body() } catch { throw .store(error) }
  }

  /// The frame that tells the other end of it; nil when the other end has gone or has said so itself.
  var refusal: Frame? {
    switch self {
    case .ended, .refused, .noMagic: nil
    case .busy: .refusal(.busy, description)
    case .silence, .stalled, .system: .refusal(.other, description)
    case .store(let error): .refusal(error.kind == .damaged ? .damaged : .store, error.description)
    default: .refusal(.violation, description)
    }
  }

  public var description: String {
    switch self {
    case .noMagic(let seen):
      seen.isEmpty
        ? "it ended without a word" : "it did not answer as a panel, but with: \(seen)"
    case .ended: "the connection ended before all was done; what was confirmed by then is safe, run it again"
    case .malformed(let what): "the stream is damaged: \(what); run it again"
    case .unexpected(let what): "the other end broke the protocol: \(what); update the older of the two"
    case .excessive(let what): "the other end sent too much: \(what)"
    case .version(let lowest, let highest):
      "it speaks the protocol in versions \(lowest) to \(highest), this software \(Hello.lowestVersion) to "
        + "\(Hello.highestVersion); update the older of the two"
    case .refused(_, let sentence): sentence
    case .ownIdentity(let identifier):
      "it has the identity of the store that collects (\(identifier)): one is a copy of the other; nothing was taken, "
        + "collect into another --spool"
    case .ownReceipt:
      "this store wrote that receipt itself, and a store never confirms its own drawings; take it in at the panel"
    case .othersReceipt:
      "it is the receipt for another store's drawings; take it in at the panel that wrote the file"
    case .store(let error): error.description
    case .system(let error): error.description
    case .busy(let seconds): "another collector has been at this panel for \(seconds) s; try again later"
    case .silence(let seconds):
      "nothing came for \(seconds) s; look at the network, and run it again: it goes on where it was"
    case .stalled(let seconds):
      "what came for \(seconds) s did not bring the sync forward; run it again: it goes on where it was"
    }
  }
}

/// What kind of reason an end gives for not going on.
public enum RefusalCode: UInt8, Sendable, CaseIterable {
  case other = 0
  /// The store cannot be used.
  case store = 1
  /// The other end broke the protocol or a limit.
  case violation = 2
  /// Another collector was at it for too long.
  case busy = 3
  /// The store is damaged.
  case damaged = 4
}
