import ArgumentParser
import JSON
import Spool

/// `panelctl anonymise`: drops the names of all visitors.
struct Anonymise: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anonymise",
    abstract: "Drops the names of all visitors of this store; the drawings stay.",
    discussion: """
      The names are deleted, also while the panel runs, and nothing that comes of these visitors later brings them back. \
      Every store and database that this one is synchronised with drops them too. Visitors who come later may be shown \
      again, unless --from-now-on says that this store keeps no names at all; that holds for this store alone.
      """)

  @Flag(
    inversion: .prefixedNo, help: "Keep no names of later visitors either, or keep them again.")
  var fromNowOn: Bool?

  @Flag(help: "Print JSON, schema 1.")
  var json = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    let spool = try Store.openBeside(directory: try store.place(try store.settings().settings).path)
    var result: (names: Int, isErased: Bool) = (0, true)
    if let fromNowOn { try spool.setKeepsNames(!fromNowOn) }
    // Who only wants names to be kept again does not want the present ones dropped.
    if fromNowOn != false { result = try spool.anonymise() }
    let keeps = try spool.keepsNames()
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "names": .int(result.names), "erased": .bool(result.isErased),
        "keeps_names": .bool(keeps),
      ])
    } else {
      try output.line(result.names == 1 ? "1 name was dropped" : "\(result.names) names were dropped")
      try output.line(
        keeps ? "names of later visitors are kept, if they may be shown" : "no names are kept from now on")
      if !result.isErased {
        try output.line(
          "another program reads an older state of the store; the bytes leave the disk when it has ended")
      }
    }
    try output.flush()
  }
}
