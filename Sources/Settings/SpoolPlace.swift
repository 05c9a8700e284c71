import Glibc
import Kernel

/// Which directory holds the store, and why that one.
public struct SpoolPlace: Equatable, Sendable {
  /// The store of the installed service.
  public static let service = "/var/lib/panel"

  public enum Reason: Equatable, Sendable {
    /// `--spool` named it.
    case option
    /// The configuration file named it.
    case settings
    /// It is the installed service's, and this process may write there as soon as the disk lets it.
    case service
    /// It is the person's own, under XDG_DATA_HOME or HOME.
    case person
  }

  public let path: String
  public let reason: Reason

  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// Chooses the directory: `--spool`, else the configuration, else the service's where this process may write, else the
  /// person's own (XDG Base Directory Specification: `$XDG_DATA_HOME/panel`, or `~/.local/share/panel`).
  ///
  /// - Parameter access: what `access` of the kernel says to a path and a mode: 0, or errno.
  /// - Throws: ``KernelError`` when nothing says where, as in a bare environment.
  public static func choose(
    option: String?, settings: Settings, environment: (String) -> String?, access: (String, Int32) -> Int32
  ) throws(KernelError) -> SpoolPlace {
    if let option, !option.isEmpty { return SpoolPlace(path: option, reason: .option) }
    if let path = settings.spool { return SpoolPlace(path: path, reason: .settings) }
    if isOurs(service, access) { return SpoolPlace(path: service, reason: .service) }
    // The specification has a relative path ignored.
    if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") {
      return SpoolPlace(path: data + "/panel", reason: .person)
    }
    if let home = environment("HOME"), home.hasPrefix("/") {
      return SpoolPlace(path: home + "/.local/share/panel", reason: .person)
    }
    throw KernelError(
      "place", "the store", reason: "\(service) cannot be written, and neither XDG_DATA_HOME nor HOME is set",
      next: "name a directory with --spool")
  }

  /// Whether this process may use a store and write to it. A disk that turned read-only or fails keeps nobody's store from
  /// being theirs: another one in its place would be filled beside it once the disk is well, and never be collected.
  private static func isOurs(_ path: String, _ access: (String, Int32) -> Int32) -> Bool {
    access(path, R_OK | X_OK) == 0 && [0, EROFS, EIO].contains(access(path, W_OK))
  }

  /// ``choose(option:settings:environment:access:)`` for this process.
  public static func choose(option: String?, settings: Settings) throws(KernelError) -> SpoolPlace {
    try choose(
      option: option, settings: settings,
      environment: { name in getenv(name).map { String(cString: $0) } },
      access: { path, mode in Glibc.access(path, mode) == 0 ? 0 : errno })
  }
}
