import Glibc
import Kernel
import Testing

@testable import Settings

@Suite("Where things lie")
struct PlaceTests {
  private func choose(
    option: String? = nil, spool: String? = nil, environment: [String: String] = [:], writable: [String] = [],
    access: ((String, Int32) -> Int32)? = nil
  ) throws -> SpoolPlace {
    var settings = Settings()
    settings.spool = spool
    return try SpoolPlace.choose(
      option: option, settings: settings, environment: { environment[$0] },
      access: access ?? { path, _ in writable.contains(path) ? 0 : EACCES })
  }

  private let home = ["HOME": "/home/ada"]

  @Test("--spool goes before the configuration, and that before everything else")
  func order() throws {
    let all = ["/var/lib/panel"]
    #expect(
      try choose(option: "/a", spool: "/b", environment: home, writable: all)
        == SpoolPlace(path: "/a", reason: .option))
    #expect(
      try choose(spool: "/b", environment: home, writable: all) == SpoolPlace(path: "/b", reason: .settings))
    #expect(
      try choose(environment: home, writable: all) == SpoolPlace(path: "/var/lib/panel", reason: .service))
  }

  @Test("who may not write the service's store gets an own one")
  func person() throws {
    #expect(try choose(environment: home).path == "/home/ada/.local/share/panel")
    let both = home.merging(["XDG_DATA_HOME": "/data"]) { $1 }
    #expect(try choose(environment: both) == SpoolPlace(path: "/data/panel", reason: .person))
  }

  @Test(
    "the service's store stays the service's while its disk is read-only or fails",
    arguments: [(EROFS, true), (EIO, true), (EACCES, false), (EPERM, false)])
  func readOnly(refusal: Int32, isService: Bool) throws {
    let place = try choose(environment: home) { path, mode in
      path == SpoolPlace.service && mode & W_OK == 0 ? 0 : refusal
    }
    #expect(place.reason == (isService ? .service : .person))
    // On a read-only disk nobody is asked for a right to write; who may not even read there is a stranger.
    #expect(try choose(environment: home) { _, mode in mode & W_OK == 0 ? EACCES : EROFS }.reason == .person)
  }

  @Test("a relative XDG_DATA_HOME is ignored")
  func relative() throws {
    #expect(
      try choose(environment: ["XDG_DATA_HOME": "data", "HOME": "/home/ada"]).path
        == "/home/ada/.local/share/panel")
  }

  @Test("a bare environment is an error that names --spool")
  func bare() {
    let error = #expect(throws: KernelError.self) { try choose() }
    #expect(error?.description.hasSuffix("name a directory with --spool") == true)
  }

  @Test("an installed program looks beside itself, then in /usr/share/panel")
  func installedAssets() {
    #expect(
      AssetSearch(named: nil, executable: "/opt/panel/bin/panel").directories
        == ["/opt/panel/share/panel", "/opt/panel/Assets", "/usr/share/panel"])
    #expect(AssetSearch(named: nil, executable: nil).directories == ["/usr/share/panel"])
  }

  @Test("a program that SwiftPM built finds the Assets of its package")
  func builtAssets() {
    #expect(
      AssetSearch(named: nil, executable: "/home/ada/panel/.build/x86_64-unknown-linux-gnu/debug/panel")
        .directories
        .contains("/home/ada/panel/Assets"))
  }

  @Test("a directory that a person names is the only one")
  func namedAssets() {
    #expect(AssetSearch(named: "/mnt/assets", executable: "/usr/bin/panel").directories == ["/mnt/assets"])
  }

  @Test("the first readable file is found, and a missing one names every place")
  func find() throws {
    let search = AssetSearch(named: nil, executable: "/opt/panel/bin/panel")
    #expect(try search.find("x", isReadable: { $0 == "/usr/share/panel/x" }) == "/usr/share/panel/x")
    #expect(try search.find("x", isReadable: { _ in true }) == "/opt/panel/share/panel/x")
    let error = #expect(throws: KernelError.self) { try search.find("x", isReadable: { _ in false }) }
    #expect(
      error?.description == """
        cannot find x: it is not readable at /opt/panel/share/panel/x, /opt/panel/Assets/x, /usr/share/panel/x; \
        install the package, or name its Assets directory with PANEL_ASSETS
        """)
  }
}
