import CPostgres
import Glibc

/// libpq (postgresql.org/docs/current/libpq.html), loaded when a database is first spoken of.
///
/// It brings two dozen libraries for TLS, Kerberos and LDAP, which a booth has no use for: linked, they would be loaded at the
/// start of every `panelctl status` and be installed at every booth.
final class PostgresLibrary: Sendable {
  let connectStartParams:
    @Sendable @convention(c) (
      UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?, Int32
    ) -> OpaquePointer?
  let connectPoll: @Sendable @convention(c) (OpaquePointer?) -> PostgresPollingStatusType
  let finish: @Sendable @convention(c) (OpaquePointer?) -> Void
  let status: @Sendable @convention(c) (OpaquePointer?) -> ConnStatusType
  let socket: @Sendable @convention(c) (OpaquePointer?) -> Int32
  let errorMessage: @Sendable @convention(c) (OpaquePointer?) -> UnsafeMutablePointer<CChar>?
  let parameterStatus:
    @Sendable @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> UnsafePointer<CChar>?
  let setErrorVerbosity: @Sendable @convention(c) (OpaquePointer?, PGVerbosity) -> PGVerbosity
  let setNoticeProcessor:
    @Sendable @convention(c) (OpaquePointer?, PQnoticeProcessor?, UnsafeMutableRawPointer?) ->
      PQnoticeProcessor?
  let setnonblocking: @Sendable @convention(c) (OpaquePointer?, Int32) -> Int32
  let sendQuery: @Sendable @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Int32
  let sendQueryParams:
    @Sendable @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>?, Int32, UnsafePointer<Oid>?,
      UnsafePointer<UnsafePointer<CChar>?>?,
      UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
    ) -> Int32
  let getResult: @Sendable @convention(c) (OpaquePointer?) -> OpaquePointer?
  let isBusy: @Sendable @convention(c) (OpaquePointer?) -> Int32
  let flush: @Sendable @convention(c) (OpaquePointer?) -> Int32
  let consumeInput: @Sendable @convention(c) (OpaquePointer?) -> Int32
  let putCopyData: @Sendable @convention(c) (OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32
  let putCopyEnd: @Sendable @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Int32
  let resultStatus: @Sendable @convention(c) (OpaquePointer?) -> ExecStatusType
  let resultErrorField: @Sendable @convention(c) (OpaquePointer?, Int32) -> UnsafeMutablePointer<CChar>?
  let clear: @Sendable @convention(c) (OpaquePointer?) -> Void
  let ntuples: @Sendable @convention(c) (OpaquePointer?) -> Int32
  let nfields: @Sendable @convention(c) (OpaquePointer?) -> Int32
  let getisnull: @Sendable @convention(c) (OpaquePointer?, Int32, Int32) -> Int32
  let getvalue: @Sendable @convention(c) (OpaquePointer?, Int32, Int32) -> UnsafeMutablePointer<CChar>?
  let cmdTuples: @Sendable @convention(c) (OpaquePointer?) -> UnsafeMutablePointer<CChar>?
  let libVersion: @Sendable @convention(c) () -> Int32
  let conninfoParse:
    @Sendable @convention(c) (UnsafePointer<CChar>?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) ->
      UnsafeMutablePointer<PQconninfoOption>?
  let conndefaults: @Sendable @convention(c) () -> UnsafeMutablePointer<PQconninfoOption>?
  let conninfoFree: @Sendable @convention(c) (UnsafeMutablePointer<PQconninfoOption>?) -> Void
  let freemem: @Sendable @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// The library, which stays loaded.
  ///
  /// - Throws: ``PostgresError`` of kind refused where it is not installed.
  static func load() throws(PostgresError) -> PostgresLibrary { try loaded.get() }

  private static let loaded = Result { () throws(PostgresError) in try PostgresLibrary(named: "libpq.so.5") }

  /// - Parameter name: the file, as the dynamic linker looks for it.
  init(named name: String) throws(PostgresError) {
    guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "the dynamic linker says nothing"
      throw PostgresError(
        .refused, "load", "PostgreSQL's library", reason: reason, next: "install it: apt install libpq5")
    }
    let symbols = Symbols(handle: handle, library: name)
    connectStartParams = try symbols.find("PQconnectStartParams")
    connectPoll = try symbols.find("PQconnectPoll")
    finish = try symbols.find("PQfinish")
    status = try symbols.find("PQstatus")
    socket = try symbols.find("PQsocket")
    errorMessage = try symbols.find("PQerrorMessage")
    parameterStatus = try symbols.find("PQparameterStatus")
    setErrorVerbosity = try symbols.find("PQsetErrorVerbosity")
    setNoticeProcessor = try symbols.find("PQsetNoticeProcessor")
    setnonblocking = try symbols.find("PQsetnonblocking")
    sendQuery = try symbols.find("PQsendQuery")
    sendQueryParams = try symbols.find("PQsendQueryParams")
    getResult = try symbols.find("PQgetResult")
    isBusy = try symbols.find("PQisBusy")
    flush = try symbols.find("PQflush")
    consumeInput = try symbols.find("PQconsumeInput")
    putCopyData = try symbols.find("PQputCopyData")
    putCopyEnd = try symbols.find("PQputCopyEnd")
    resultStatus = try symbols.find("PQresultStatus")
    resultErrorField = try symbols.find("PQresultErrorField")
    clear = try symbols.find("PQclear")
    ntuples = try symbols.find("PQntuples")
    nfields = try symbols.find("PQnfields")
    getisnull = try symbols.find("PQgetisnull")
    getvalue = try symbols.find("PQgetvalue")
    cmdTuples = try symbols.find("PQcmdTuples")
    libVersion = try symbols.find("PQlibVersion")
    conninfoParse = try symbols.find("PQconninfoParse")
    conndefaults = try symbols.find("PQconndefaults")
    conninfoFree = try symbols.find("PQconninfoFree")
    freemem = try symbols.find("PQfreemem")
  }

  private struct Symbols {
    let handle: UnsafeMutableRawPointer
    let library: String

    /// The function of this name, whose C type libpq-fe.h declares as `Function`.
    func find<Function>(_ name: String) throws(PostgresError) -> Function {
      guard let address = dlsym(handle, name) else {
        throw PostgresError(
          .refused, "load", "PostgreSQL's library", reason: "\(library) has no \(name)",
          next: "install a newer one: apt install libpq5")
      }
      return unsafeBitCast(address, to: Function.self)
    }
  }
}
