import CPostgres
import Glibc

/// Where a database is and how it is reached, as libpq's URI (`postgresql://user@host:port/database?sslmode=…`) or its keywords
/// (`host=… dbname=…`) say it, with what the environment, a service file and this program add.
///
/// What this program adds holds only where nobody has said anything: a host that is not this machine must prove its name
/// (sslmode=verify-full), a server that is gone is noticed, texts are UTF-8.
struct PostgresAddress: Sendable {
  /// What speaks to the database.
  let libpq: PostgresLibrary
  /// What libpq is told, in its order: our own words first, the address last, which counts more.
  let parameters: [Parameter]
  /// The database in words, without user and password: `digits at db.example.org:5432`.
  let name: String
  /// The same as an address without user, password and options, for scripts.
  let place: String
  /// Whether a password stands in the address itself, where other users of this machine can read it.
  let hasPassword: Bool
  /// How long to try to connect, in seconds.
  let patience: Int

  struct Parameter: Equatable, Sendable {
    let keyword: String
    let value: String
  }

  /// What is said about a connection: by the address, else by the environment or a service file.
  struct Said: Equatable {
    var values: [String: String] = [:]
    subscript(keyword: String) -> String? { values[keyword].flatMap { $0.isEmpty ? nil : $0 } }
  }

  /// Whether a text after --to means a database, and not a file: a URI, or words of which any is a keyword of libpq's with a
  /// value. What begins as a path is a file.
  static func isMeant(by text: String) -> Bool {
    if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") { return true }
    guard !text.hasPrefix("/"), !text.hasPrefix(".") else { return false }
    return text.indices.contains { index in
      guard text[index] == "=" else { return false }
      let word = text[..<index].split(separator: " ").last ?? ""
      return keywords.contains(String(word))
    }
  }

  /// Those of all versions of libpq (postgresql.org/docs/current/libpq-connect.html, section 32.1.2).
  private static let keywords: Set = [
    "host", "hostaddr", "port", "dbname", "user", "password", "passfile", "require_auth", "channel_binding",
    "connect_timeout", "client_encoding", "options", "application_name", "fallback_application_name",
    "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
    "replication", "gssencmode", "sslmode", "requiressl", "sslnegotiation", "sslcompression", "sslcert",
    "sslkey", "sslkeylogfile", "sslpassword", "sslcertmode", "sslrootcert", "sslcrl", "sslcrldir", "sslsni",
    "requirepeer", "ssl_min_protocol_version", "ssl_max_protocol_version", "min_protocol_version",
    "max_protocol_version", "krbsrvname", "gsslib", "gssdelegation", "scram_client_key", "scram_server_key",
    "service", "servicefile", "target_session_attrs", "load_balance_hosts",
  ]

  /// - Throws: ``PostgresError`` of kind address; its words never hold the password.
  init(_ text: String) throws(PostgresError) {
    let libpq = try PostgresLibrary.load()
    let address = try PostgresAddress.parse(text, libpq)
    var said = PostgresAddress.surroundings(service: address["service"], libpq)
    self.libpq = libpq
    for (keyword, value) in address.values { said.values[keyword] = value }
    hasPassword = address["password"] != nil
    (name, place) = PostgresAddress.names(said)
    patience = said["connect_timeout"].flatMap { Int($0) }.map { max(2, $0) } ?? 10
    let home = getenv("HOME").map { String(cString: $0) }
    let files = TrustedAuthorities(
      own: home.map { access("\($0)/.postgresql/root.crt", R_OK) == 0 } ?? false,
      system: TrustedAuthorities.bundles.first { access($0, R_OK) == 0 })
    parameters =
      PostgresAddress.additions(said, authorities: files, library: libpq.libVersion())
      + [Parameter(keyword: "dbname", value: text)]
  }

  /// The certificates of authorities that are there.
  struct TrustedAuthorities {
    /// ~/.postgresql/root.crt, which libpq takes by itself.
    var own: Bool
    /// The system's, as one file.
    var system: String?

    /// Where Debian and Fedora have them.
    static let bundles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
  }

  /// What this program adds to what was said.
  ///
  /// - Parameter library: libpq's version as PQlibVersion tells it; from 160000 on it knows sslrootcert=system.
  static func additions(_ said: Said, authorities: TrustedAuthorities, library: Int32) -> [Parameter] {
    var added: [Parameter] = [
      Parameter(keyword: "fallback_application_name", value: "panelctl"),
      Parameter(keyword: "client_encoding", value: "UTF8"),
    ]
    func add(_ keyword: String, _ value: String) {
      if said[keyword] == nil { added.append(Parameter(keyword: keyword, value: value)) }
    }
    // A connection whose other end has gone is noticed within half a minute, not after the kernel's quarter of an hour.
    add("tcp_user_timeout", "30000")
    add("keepalives_idle", "20")
    add("keepalives_interval", "5")
    add("keepalives_count", "3")
    if !isLocal(said) {
      add("sslmode", "verify-full")
      if said["sslmode"] == nil, said["sslrootcert"] == nil, !authorities.own {
        if library >= 160_000 {
          add("sslrootcert", "system")
        } else if let bundle = authorities.system {
          add("sslrootcert", bundle)
        }
      }
    }
    return added
  }

  /// Whether all hosts that may be taken are this machine: a Unix socket or the loopback.
  static func isLocal(_ said: Said) -> Bool {
    let hosts = (said["host"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let addresses = (said["hostaddr"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
    return (0..<max(hosts.count, addresses.count)).allSatisfy { index in
      let address = index < addresses.count ? addresses[index] : ""
      return isLocal(address.isEmpty ? (index < hosts.count ? hosts[index] : "") : address)
    }
  }

  private static func isLocal(_ host: Substring) -> Bool {
    if host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" { return true }
    var four = in_addr()
    if inet_pton(AF_INET, String(host), &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    guard inet_pton(AF_INET6, String(host), &six) == 1 else { return false }
    return withUnsafeBytes(of: &six) { bytes in bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 }
  }

  private static func names(_ said: Said) -> (name: String, place: String) {
    let database = said["dbname"] ?? said["user"] ?? ""
    let port = said["port"] ?? "5432"
    let host = said["host"] ?? said["hostaddr"] ?? ""
    if host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") {
      return (
        "the database \(database) at \(host.isEmpty ? "this machine" : host), port \(port)",
        "postgresql:///\(database)?" + (host.isEmpty ? "" : "host=\(host)&") + "port=\(port)"
      )
    }
    let shown = host.contains(":") ? "[\(host)]" : host
    return ("the database \(database) at \(host), port \(port)", "postgresql://\(shown):\(port)/\(database)")
  }

  /// What the address itself says.
  private static func parse(_ text: String, _ libpq: PostgresLibrary) throws(PostgresError) -> Said {
    let form =
      "its form is postgresql://user@host:port/database?sslmode=verify-full, with %40 for @ and %2F for / within a part"
    guard !hasStrayPart(text) else {
      throw PostgresError(
        .address, "read", "the address of the database", reason: "its port is no number", next: form)
    }
    var complaint: UnsafeMutablePointer<CChar>?
    guard let options = libpq.conninfoParse(text, &complaint) else {
      let words = complaint.map { String(cString: $0) } ?? "out of memory"
      libpq.freemem(complaint)
      // libpq quotes what it cannot read, and that may be the password or hold it.
      throw PostgresError(
        .address, "read", "the address of the database",
        reason: text.contains("@") || text.contains("password")
          ? "libpq cannot take it apart" : PostgresError.sentence(words),
        next: form)
    }
    defer { libpq.conninfoFree(options) }
    return said(options) { _, value in value != nil }
  }

  /// Whether an address has a port that is no number, which is how a password looks whose / or ? is not written as %2F or %3F:
  /// what follows would then be shown as host and database.
  static func hasStrayPart(_ text: String) -> Bool {
    guard let start = text.firstRange(of: "://")?.upperBound else { return false }
    let authority = text[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return false }
    return authority.split(separator: ",").contains { host in
      // The colons within brackets are those of an address.
      let rest = host.hasPrefix("[") ? host.split(separator: "]", maxSplits: 1).dropFirst().first ?? "" : host
      guard let colon = rest.lastIndex(of: ":") else { return false }
      return !rest[colon...].dropFirst().allSatisfy(\.isNumber)
    }
  }

  /// What the environment and a service file say.
  private static func surroundings(service: String?, _ libpq: PostgresLibrary) -> Said {
    let before = getenv("PGSERVICE").map { String(cString: $0) }
    if let service { setenv("PGSERVICE", service, 1) }
    defer {
      if service != nil { if let before { setenv("PGSERVICE", before, 1) } else { unsetenv("PGSERVICE") } }
    }
    guard let options = libpq.conndefaults() else { return Said() }
    defer { libpq.conninfoFree(options) }
    // What libpq would take anyway is not something that anybody has said, but for who and where.
    return said(options) { option, value in
      guard let value else { return false }
      let keyword = String(cString: option.keyword)
      if ["user", "host", "hostaddr", "port", "dbname"].contains(keyword) { return true }
      if let variable = option.envvar, getenv(variable) != nil { return true }
      return option.compiled.map { String(cString: $0) } != value
    }
  }

  private static func said(
    _ options: UnsafeMutablePointer<PQconninfoOption>, where isSaid: (PQconninfoOption, String?) -> Bool
  ) -> Said {
    var said = Said()
    var option = options
    while let keyword = option.pointee.keyword {
      let value = option.pointee.val.map { String(cString: $0) }
      if isSaid(option.pointee, value) { said.values[String(cString: keyword)] = value }
      option += 1
    }
    return said
  }
}
