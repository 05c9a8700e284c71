import ArgumentParser
import Kernel
import Settings

/// `panelctl sync`: brings drawings from where they are to where they are kept.
struct Sync: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Collects the drawings of panels, over ssh or by USB stick; uploads them to PostgreSQL.",
    discussion: """
      At the collecting machine: panelctl sync HOST... drains those panels into the local store. Nothing is deleted \
      there. It can be cut and repeated as often as you like: every drawing is there once.

      A panel's key for it: command="panelctl sync --serve",restrict in authorized_keys.

      By USB stick: panelctl sync --to FILE at the panel, --from FILE at the collector, which leaves the receipt \
      FILE.receipt beside it; --from FILE.receipt at the panel.

      Only the panels in the file "panels" of the collector's store are taken where there is one: their identities, a \
      line each. Records of others are set aside.

      To PostgreSQL: an upload is not what prune asks for. The password belongs into ~/.pgpass or the file that \
      PGPASSFILE names. A host that is not this machine must show a certificate for its name, unless sslmode in the \
      address says otherwise.

      Exit status: 0 all is there, 1 something failed or was set aside, 2 wrong usage, 3 two stores, or a store and the \
      database, contradict each other; nothing is lost then, both are kept.
      """)

  @Argument(help: ArgumentHelp("The panels, as ssh takes them: name, user@name.", valueName: "host"))
  var hosts: [String] = []

  @Option(
    help: ArgumentHelp("Drain the panels of a file too: a host a line, # comments.", valueName: "hostsfile"))
  var all: String?

  @Option(help: ArgumentHelp("So many panels at once, 1 to 64 (default: \(Sync.usualJobs)).", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("In place of ssh; split at spaces.", valueName: "command"))
  var ssh: String?

  @Flag(help: "The panel's end, for a key with a forced command.")
  var serve = false

  @Option(
    help: ArgumentHelp(
      "Write what nobody has confirmed yet into a file; or the database to upload to, as "
        + "postgresql://user@host:port/name or in libpq's keywords.", valueName: "place"))
  var to: String?

  @Option(help: ArgumentHelp("Take in a panel's file, or a collector's receipt.", valueName: "file"))
  var from: String?

  @Flag(help: "Look and tell; change nothing, neither there nor here.")
  var dryRun = false

  @Flag(help: "Print JSON, schema 1.")
  var json = false

  @OptionGroup var store: StoreOptions

  /// Panels that are drained at once when nothing else is said.
  private static let usualJobs = 8

  func validate() throws {
    let modes = [!hosts.isEmpty || all != nil, serve, to != nil, from != nil].count { $0 }
    guard modes == 1 else {
      throw ValidationError("give hosts or --all, or one of --serve, --to and --from.")
    }
    if let jobs, !(1...64).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 64, not \(jobs).")
    }
    guard ssh?.split(separator: " ").isEmpty != true else { throw ValidationError("--ssh takes a command.") }
    guard jobs == nil && ssh == nil || !hosts.isEmpty || all != nil else {
      throw ValidationError("--jobs and --ssh go with hosts and --all only.")
    }
    guard !(serve && json) else {
      throw ValidationError("--serve speaks with a collector's panelctl; --json does not go with it.")
    }
    if let to, to.contains("://"), !PostgresAddress.isMeant(by: to) {
      throw ValidationError("--to takes a file or a database: postgresql://user@host:port/name.")
    }
    guard to != "", from != "" else { throw ValidationError("--to and --from take a file.") }
    for host in hosts where !HostsFile.isHost(host) { throw ValidationError("\(host) is no host.") }
    guard !dryRun || !(serve || from != nil || to.map { !PostgresAddress.isMeant(by: $0) } ?? false) else {
      throw ValidationError("--dry-run does not go with --serve, with --from, and with --to a file.")
    }
  }

  func run() throws {
    let settings = try store.settings().settings
    let place = try store.place(settings).path
    Heap.keepFreed()
    if serve { return try SyncServing.run(place: place, name: settings.panelName) }
    if let to, PostgresAddress.isMeant(by: to) {
      return try PostgresSync(address: to, isTried: dryRun, json: json).run(place: place)
    }
    if let to { return try SyncCarrying.write(to, place: place, name: settings.panelName, json: json) }
    if let from { return try SyncCarrying.read(from, place: place, name: settings.panelName, json: json) }
    let listed = try all.map { path throws in try HostsFile.read(path) } ?? []
    var chosen: [String] = []
    for host in hosts + listed where !chosen.contains(host) { chosen.append(host) }
    guard !chosen.isEmpty else { throw UsageError(description: "there is no host in \(all ?? "the list")") }
    try SyncDraining(
      hosts: chosen, command: (ssh ?? "ssh").split(separator: " ").map(String.init),
      jobs: jobs ?? Sync.usualJobs, isDryRun: dryRun, json: json
    ).run(place: place)
  }
}
