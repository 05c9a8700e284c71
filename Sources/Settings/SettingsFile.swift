import Glibc
import Kernel

/// A configuration file as it was read: the settings, and what in it could not be taken.
public struct SettingsFile: Equatable, Sendable {
  /// The file of an installed panel.
  public static let defaultPath = "/etc/panel/panel.ini"
  /// Bytes of the longest file that is read.
  public static let sizeLimit = 1 << 20

  /// Where the settings came from; nil when there is no file and all are defaults.
  public let path: String?
  public let settings: Settings
  /// In the order of the lines.
  public let findings: [SettingsFinding]
  /// The line of each key that was set, by "section.name".
  private let places: [String: Int]

  /// Reads the file that `--config` names, or else the installed one where it exists, or else takes the defaults.
  ///
  /// - Throws: ``KernelError`` when the file named by `--config` cannot be read. An installed file that cannot be read
  ///   is a finding: a panel starts with the defaults rather than not at all.
  public static func load(option: String?, installed: String = defaultPath) throws(KernelError)
    -> SettingsFile
  {
    if let option {
      let bytes = try contentsOfFile(option, limit: sizeLimit, next: "name a readable file with --config")
      return SettingsFile(path: option, bytes: bytes)
    }
    do {
      return SettingsFile(path: installed, bytes: try contentsOfFile(installed, limit: sizeLimit))
    } catch  where error.code == ENOENT || error.code == ENOTDIR {
      return SettingsFile(path: nil, findings: [])
    } catch {
      let finding = SettingsFinding(
        file: fileName(installed), line: 0, sentence: "\(error); the defaults are used")
      return SettingsFile(path: installed, findings: [finding])
    }
  }

  /// All defaults.
  private init(path: String?, findings: [SettingsFinding]) {
    self.path = path
    self.settings = Settings()
    self.findings = findings
    places = [:]
  }

  /// Reads a file's bytes. Whatever they are, settings come out of it; wrong lines become findings.
  public init(path: String, bytes: [UInt8]) {
    let reading = SettingsReading(file: fileName(path), bytes: bytes)
    self.path = path
    settings = reading.settings
    findings = reading.findings
    places = reading.places
  }

  /// A finding about a value that reads well and cannot be used on this machine.
  public func finding(section: String, name: String, _ sentence: String) -> SettingsFinding {
    SettingsFinding(
      file: fileName(path ?? SettingsFile.defaultPath), line: places["\(section).\(name)"] ?? 0,
      sentence: sentence)
  }
}

private func fileName(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}
