import Ink
import Spool

/// Has a visitor's drawings deleted by the code of a receipt: the code is typed, what it stands for is shown, and only a second
/// press deletes.
struct WithdrawScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    /// A character of the code.
    case key(Character)
    case backspace
    /// Looks up the code that was typed.
    case find
    /// Deletes, when it is pressed twice.
    case delete
    /// Begins anew with another code.
    case another
    case back
  }

  enum Outcome: Sendable, Equatable {
    case none
    case find(ReceiptCode)
    /// Delete the visit that was found.
    case withdraw(Identifier)
    case back
  }

  /// What the store says of a code.
  enum Told: Sendable, Equatable {
    /// No visit here has it.
    case unknown
    /// More than one visit has it; which of them is meant is for `panelctl withdraw --session` to say.
    case several
    /// It was withdrawn before, at this time.
    case before(String)
    /// A visit with so many drawings, from when to when; empty where none is left.
    case visit(Identifier, drawings: Int, time: String, isNamed: Bool)
    /// So many drawings are deleted.
    case withdrawn(Int)
    /// The store refuses; the sentence says why, and what to do.
    case failed(String)
  }

  enum State: Sendable, Equatable {
    case typing
    /// Eight characters that are no code.
    case wrong
    case finding
    case deleting
    case told(Told)
  }

  private(set) var state = State.typing
  /// What was typed, without the hyphen.
  private(set) var typed = ""
  /// Delete was pressed once, and is done when it is pressed again.
  private(set) var isArmed = false
  private var armedUntil: UInt64 = 0

  /// Characters of a code.
  static let length = 8
  /// Rows of keys, in the order of the alphabet of receipt codes.
  static func rows(columns: Int) -> [[Character]] {
    stride(from: 0, to: alphabet.count, by: columns).map {
      Array(alphabet[$0..<min($0 + columns, alphabet.count)])
    }
  }

  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

  /// The code that was typed; nil for what is none.
  var code: ReceiptCode? { typed.count == Self.length ? ReceiptCode(typed) : nil }

  /// As it stands on the receipt, with the hyphen in the middle.
  var shown: String {
    typed.count > 4 ? "\(typed.prefix(4))-\(typed.dropFirst(4))" : typed
  }

  /// Whether keys are taken.
  var takesKeys: Bool { state == .typing || state == .wrong }

  /// Whether an answer of the store is waited for.
  var isWaiting: Bool { state == .finding || state == .deleting }

  /// Whether there is something to delete: also a visit of which no drawing is left here, since its tombstone goes to where they
  /// are.
  var canDelete: Bool {
    if case .told(.visit) = state { true } else { false }
  }

  func isEnabled(_ control: Control) -> Bool {
    switch control {
    case .key: takesKeys && typed.count < Self.length
    case .backspace: takesKeys && !typed.isEmpty
    case .find: takesKeys && code != nil
    case .delete: canDelete
    case .another, .back: !isWaiting
    }
  }

  /// Keys write when they are touched, as keys do.
  func actsAtOnce(_ control: Control) -> Bool {
    switch control {
    case .key, .backspace: true
    case .find, .delete, .another, .back: false
    }
  }

  func repeats(_ control: Control) -> Bool { control == .backspace }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome {
    let wasArmed = isArmed && time < armedUntil
    isArmed = false
    switch control {
    case .key(let character):
      guard isEnabled(control) else { return .none }
      typed.append(character)
      // The last character is a check: a slip is told before anything is looked up.
      if typed.count == Self.length, code == nil { state = .wrong }
    case .backspace:
      guard isEnabled(control) else { return .none }
      typed.removeLast()
      state = .typing
    case .find:
      guard takesKeys, let code else { return .none }
      state = .finding
      return .find(code)
    case .delete:
      guard case .told(.visit(let session, _, _, _)) = state else { return .none }
      guard wasArmed else {
        isArmed = true
        armedUntil = time &+ OperatorScreen.patience
        return .none
      }
      state = .deleting
      return .withdraw(session)
    case .another: self = WithdrawScreen()
    case .back: return .back
    }
    return .none
  }

  /// The store has answered.
  mutating func tell(_ told: Told) {
    guard isWaiting else { return }
    state = .told(told)
  }

  var deadline: UInt64? { isArmed ? armedUntil : nil }

  mutating func tick(_ now: UInt64) -> Outcome {
    if now >= armedUntil { isArmed = false }
    return .none
  }

  func changes(since before: WithdrawScreen, in layout: Layout) -> [PixelRect]? {
    if self == before { return [] }
    guard takesKeys, before.takesKeys else { return nil }
    let places = places(in: layout)
    let keys: [Control] = [.backspace, .find]
    // With the last character all keys rest, and with the first that goes they work again.
    if (typed.count == Self.length) != (before.typed.count == Self.length) {
      return [places.field, places.message, places.keyboard]
    }
    return [places.field, places.message] + places.keys.filter { keys.contains($0.control) }.map(\.touch)
  }
}
