import ArgumentParser
import Kernel
import Settings

/// The options of every command: which store and which configuration.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The store's directory (default: as the configuration says).", valueName: "dir"))
  var spool: String?

  @Option(help: ArgumentHelp("The configuration file (default: /etc/panel/panel.ini).", valueName: "file"))
  var config: String?

  /// The configuration, with what is wrong in it.
  func settings() throws(KernelError) -> SettingsFile {
    try SettingsFile.load(option: config)
  }

  /// The store's directory.
  func place(_ settings: Settings) throws(KernelError) -> SpoolPlace {
    try SpoolPlace.choose(option: spool, settings: settings)
  }
}
