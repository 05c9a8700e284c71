import ArgumentParser

/// `panelctl sync`: brings drawings from where they are to where they are kept.
struct Sync: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Uploads the drawings of the store to a PostgreSQL database.",
    discussion: """
      It can be cut and repeated as often as you like: a drawing is there once. Nothing is deleted here, and an upload is \
      not what prune asks for. The password belongs into ~/.pgpass or the file that PGPASSFILE names. A host that is not \
      this machine must show a certificate for its name, unless sslmode in the address says otherwise. Exit status: 0 all \
      is there, 1 something was left, 3 the database has other bytes under the id of a drawing.
      """)

  @Option(
    help: ArgumentHelp(
      "The database, as postgresql://user@host:port/name or in libpq's keywords.", valueName: "address"))
  var to: String

  @Flag(help: "Look and tell; change nothing, neither there nor here.")
  var dryRun = false

  @Flag(help: "Print JSON, schema 1.")
  var json = false

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard PostgresAddress.isMeant(by: to) else {
      throw ValidationError("--to takes the address of a database: postgresql://user@host:port/name.")
    }
  }

  func run() throws {
    try PostgresSync(address: to, isTried: dryRun, json: json).run(
      place: try store.place(try store.settings().settings).path)
  }
}
