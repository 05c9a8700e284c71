/// Why a database could not do something; it prints as one sentence with the next step, and never holds a password.
struct PostgresError: Error, Equatable, CustomStringConvertible {
  /// What a caller decides by.
  enum Kind: Equatable {
    /// The text after --to is no address.
    case address
    /// No connection could be made.
    case unreachable
    /// The connection broke: whether the last transaction is there is not known.
    case lost
    /// The server gave the transaction up for another's sake, or cannot begin it now: it can be repeated.
    case busy
    /// The values of a row are not to the server's liking: other rows are not concerned.
    case data
    /// The operator stopped it.
    case interrupted
    /// Anything that repeating does not help.
    case refused
  }

  let kind: Kind
  /// What was being done: "connect to", "upload to".
  let operation: String
  /// The database, without a password.
  let object: String
  let reason: String
  /// The five characters of SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html); empty where the server said nothing.
  let state: String
  let nextStep: String?

  /// Whether the server has said no, and would again.
  var isRefusal: Bool { kind == .data || (kind == .refused && !state.isEmpty) }

  init(_ kind: Kind, _ operation: String, _ object: String, reason: String, next: String? = nil) {
    self.kind = kind
    self.operation = operation
    self.object = object
    self.reason = reason
    self.state = ""
    self.nextStep = next
  }

  /// From an answer of the server.
  init(state: String, message: String, _ operation: String, _ object: String) {
    self.kind = PostgresError.kind(state)
    self.operation = operation
    self.object = object
    self.reason = PostgresError.sentence(message)
    self.state = state
    self.nextStep = PostgresError.nextStep(state)
  }

  /// From libpq's own words when no connection came about.
  init(unconnected message: String, _ object: String) {
    let words = PostgresError.sentence(message)
    if let (state, said) = PostgresError.answer(in: message) {
      let kind: Kind =
        switch PostgresError.kind(state) {
        // It is there, and starts, ends or has too many guests.
        case .lost, .busy: .busy
        default: .refused
        }
      self.kind = kind
      self.reason = PostgresError.sentence(said)
      self.state = state
      self.nextStep = PostgresError.nextStep(state)
    } else if words.contains("root certificate file") {
      kind = .refused
      reason = "there is no certificate of the authority that has signed the server's"
      state = ""
      nextStep =
        "put it into ~/.postgresql/root.crt or name it in the address with sslrootcert=FILE"
    } else if words.contains("certificate") || words.contains("SSL") {
      kind = .refused
      reason = words
      state = ""
      nextStep =
        "the server must show a certificate for the name in the address, signed by an authority that sslrootcert names; "
        + "sslmode in the address says how much is asked for"
    } else if words.contains("no password supplied") {
      kind = .refused
      reason = "it asks for a password and none is given"
      state = ""
      nextStep = PostgresError.passwordStep
    } else {
      kind = .unreachable
      reason = words
      state = ""
      nextStep = "check host and port, and that the server runs and may be reached from here"
    }
    operation = "connect to"
    self.object = object
  }

  var description: String {
    let sentence = "cannot \(operation) \(object): \(reason)"
    return nextStep.map { "\(sentence); \($0)" } ?? sentence
  }

  /// The same error, with what was being done.
  func during(_ operation: String) -> PostgresError {
    PostgresError(self, operation: operation)
  }

  private init(_ other: PostgresError, operation: String) {
    kind = other.kind
    self.operation = operation
    object = other.object
    reason = other.reason
    state = other.state
    nextStep = other.nextStep
  }

  static func kind(_ state: String) -> Kind {
    switch state {
    // Serialization failure, deadlock, no lock in time; too many connections, out of memory: later it may do.
    case "40001", "40P01", "40003", "55P03", "53300", "53200", "57P03": .busy
    // The server ends the session: shutdown, crash of another, idle for too long within a transaction, terminated.
    case "57P01", "57P02", "57P05", "25P03", "25P04": .lost
    // pgbouncer speaks so when the server behind it goes.
    case _ where state.hasPrefix("08"): .lost
    // Values, constraints, limits: a matter of the row.
    case _ where state.hasPrefix("22") || state.hasPrefix("23") || state.hasPrefix("54"): .data
    default: .refused
    }
  }

  /// What the server cannot do in this way, such as COPY into a table with row-level security.
  static let notSupported = "0A000"

  static let passwordStep =
    "put the password into ~/.pgpass (mode 600) or into the file that PGPASSFILE names, not into the address"

  static func nextStep(_ state: String) -> String? {
    switch state {
    case "28P01": passwordStep
    case "28000": "let the server's pg_hba.conf allow this user, database and machine"
    case "3D000": "make it with createdb, or correct the name in the address"
    case "42501":
      "let the database's owner give the right; for a schema of its own: CREATE SCHEMA \(PostgresSchema.name) AUTHORIZATION "
        + "followed by the user's name"
    case "53100": "make room on the server's disk and run it again; what is here stays here"
    case "53200", "53300": "try again later, or allow the server more memory or connections"
    case "25006": "give the address of the primary: this server may only be read"
    case "57014": "the server's statement_timeout is too short for it; raise it for this user"
    case "40001", "40P01", "55P03": "try again when the other one has ended"
    case "57P01", "57P02", "57P03": "try again when the server is up"
    case _ where state.hasPrefix("08"): "try again when the server is up"
    default: nil
    }
  }

  /// The server's answer within libpq's message, which has the form "…: FATAL:  28P01: password authentication failed" at the
  /// verbosity that ``PostgresConnection`` sets: the word before it may be in any language.
  static func answer(in message: String) -> (state: String, words: String)? {
    for line in message.split(separator: "\n") {
      let text = Array(line.utf8)
      for start in text.indices.dropLast(10) where text[start...].starts(with: ":  ".utf8) {
        let state = text[(start + 3)..<(start + 8)]
        guard text[(start + 8)...].starts(with: ": ".utf8),
          state.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) })
        else { continue }
        return (
          String(decoding: state, as: UTF8.self), String(decoding: text[(start + 10)...], as: UTF8.self)
        )
      }
    }
    return nil
  }

  /// The message as it stands within a sentence: one line, no full stop, no severity.
  static func sentence(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { line in
      String(line.drop { $0 == " " || $0 == "\t" })
    }.filter { !$0.hasPrefix("LOCATION:") && !$0.isEmpty }
    var text = lines.joined(separator: " ")
    while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
    return text.isEmpty ? "it gave no reason" : text
  }
}
