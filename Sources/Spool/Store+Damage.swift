extension Store {
  /// Whether a directory holds the files of a store.
  public static func isStore(directory path: String) -> Bool { StoreDirectory(path).hasDatabase }

  /// Why the database in a directory must be set aside: what was noted while it was used, or else what reading all of it
  /// finds, which is noted; nil where it is sound, or where there is none.
  ///
  /// Opening a store looks only at its newest pages. This reads the whole file, so it is for where a person waits.
  public static func damage(directory path: String) throws(StoreError) -> String? {
    let directory = StoreDirectory(path)
    if let noted = directory.notedDamage { return noted }
    if directory.isLogAlone { return "the file is empty, and only its log is left" }
    do throws(StoreError) {
      return try openReadOnly(directory: path).damage()
    } catch {
      switch error.kind {
      case .damaged: return error.reason
      case .missing, .tooOld: return nil
      default: throw error
      }
    }
  }

  /// What was noted as damage in the store of a directory, until it is set aside; nil where nothing was.
  public static func notedDamage(directory path: String) -> String? { StoreDirectory(path).notedDamage }

  /// The databases in a directory that were set aside because they were damaged, by their names, sorted.
  public static func setAside(directory path: String) -> [String] { StoreDirectory(path).damagedDatabases }

  /// Reads the whole database, and returns the first thing that is wrong in it, after noting it; nil where it is sound.
  ///
  /// What a record says is not looked at: each has a hash of its own.
  public func damage() throws(StoreError) -> String? {
    do throws(StoreError) {
      let answer = try connection.text("PRAGMA quick_check(1)") ?? "nothing was answered"
      guard answer != "ok" else { return nil }
      let lines = answer.split(separator: "\n").filter { !$0.hasPrefix("***") }
      return connection.contradiction("check", lines.first.map(String.init) ?? answer).reason
    } catch {
      guard error.kind == .damaged else { throw error.during("check") }
      return error.reason
    }
  }
}
