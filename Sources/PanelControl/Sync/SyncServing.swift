import Glibc
import Settings
import Sync

/// `panelctl sync --serve`: the panel's end, on standard input and output.
enum SyncServing {
  static func run(place: String, name: String) throws {
    guard isatty(STDIN_FILENO) == 0, isatty(STDOUT_FILENO) == 0 else {
      throw UsageError(
        description: "--serve is for ssh: give a key the forced command \"panelctl sync --serve\", then run "
          + "panelctl sync HOST at the collecting machine")
    }
    // The panel's ink comes first.
    setpriority(PRIO_PROCESS, 0, 10)
    do throws(SyncError) {
      _ = try ServeLoop().run(directory: place, name: name, software: Software.version)
    } catch {
      Output.complain(error.description)
      throw error.isCritical ? Outcome.critical : Outcome.attention
    }
  }
}
