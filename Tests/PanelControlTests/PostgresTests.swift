import Testing

@testable import PanelControl
@testable import Spool

@Suite("PostgreSQL without a server")
struct PostgresTests {
  @Test("a row in COPY's binary form is what the manual says, byte for byte")
  func copy() {
    var copy = BinaryCopy()
    copy.row(9)
    copy.field(true)
    copy.field(Int16(-2))
    copy.field(Int32(7))
    copy.field(Int64(1) << 40)
    copy.null()
    copy.field([UInt8(0xDE), 0xAD])
    copy.field(Identifier(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718))
    copy.field(text: "é")
    copy.field(0.5)
    let expected: [UInt8] =
      [0, 9] + [0, 0, 0, 1, 1] + [0, 0, 0, 2, 0xFF, 0xFE] + [0, 0, 0, 4, 0, 0, 0, 7]
      + [0, 0, 0, 8, 0, 0, 1, 0, 0, 0, 0, 0] + [0xFF, 0xFF, 0xFF, 0xFF] + [0, 0, 0, 2, 0xDE, 0xAD]
      + [0, 0, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18]
      + [0, 0, 0, 2, 0xC3, 0xA9] + [0, 0, 0, 8, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0]
    #expect(copy.bytes == expected)
    #expect(
      BinaryCopy.head == Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8))
    #expect(BinaryCopy.end == [0xFF, 0xFF])
  }

  @Test("a character 0, which PostgreSQL has no room for, becomes the replacement character")
  func zero() {
    var copy = BinaryCopy()
    copy.field(text: "a\0b\0")
    #expect(copy.bytes == [0, 0, 0, 8] + Array("a\u{FFFD}b\u{FFFD}".utf8))
  }

  @Test(
    "a time is told in microseconds since 2000, within the years that Python reads",
    arguments: [
      (946_684_800_000, 0), (946_684_800_001, 1000), (0, -946_684_800_000_000),
      (Int64.max, 252_455_615_999_999_000), (Int64.min, -63_082_281_600_000_000),
    ] as [(Int64, Int64)])
  func time(milliseconds: Int64, expected: Int64) {
    var copy = BinaryCopy()
    copy.field(wall: milliseconds)
    var plain = BinaryCopy()
    plain.field(expected)
    #expect(copy.bytes == plain.bytes)
  }

  @Test("a batch sends the chosen rows only, by their ids, between one head and one end")
  func pieces() throws {
    var batch = PostgresBatch()
    for label in 0..<4 {
      let record = try SampleRecord.encode(try Drawings.sample(label: label))
      let sample = try SampleRecord.decode(record)
      batch.add(stored(Int64(label + 1), sample.id, record))
    }
    let whole = batch.pieces(batch.entries)
    #expect(whole.count == 6 && whole.first == BinaryCopy.head[...] && whole.last == BinaryCopy.end[...])
    // The id is the first field: two bytes of the number of fields and four of its length come before it.
    let ids = whole.dropFirst().dropLast().compactMap { Identifier(bytes: $0.dropFirst(6).prefix(16)) }
    #expect(ids.map(\.description) == batch.entries.map(\.id.description).sorted())
    let some = batch.pieces([batch.entries[3], batch.entries[0]])
    #expect(some.dropFirst().dropLast().allSatisfy { whole.contains($0) } && some.count == 4)
    #expect(batch.pieces([]).flatMap { $0 } == BinaryCopy.head + BinaryCopy.end)
    #expect(batch.lastRow == 4)
  }

  @Test("visitors go once each, in the order of their pseudonyms, under the name of the newest drawing")
  func visitors() throws {
    var batch = PostgresBatch()
    let (early, late) = (Identifier(high: 1, low: 0), Identifier(high: 1, low: 1))
    let drawn: [(contributor: Identifier, sequence: UInt64, name: String?)] = [
      (late, 7, "Ada"), (early, 3, nil), (late, 9, "Ada L."), (early, 2, "Bo"), (late, 8, nil),
    ]
    for (row, drawing) in drawn.enumerated() {
      var sample = try Drawings.sample(label: 1)
      (sample.contributor, sample.sequence) = (drawing.contributor, drawing.sequence)
      let record = try SampleRecord.encode(sample)
      let hash = Digest(bytes: record.suffix(32)) ?? Digest(of: [])
      batch.add(
        StoredSample(row: Int64(row + 1), id: sample.id, record: record, hash: hash, name: drawing.name))
    }
    let visitors = batch.visitors(batch.entries)
    #expect(visitors.map(\.contributor) == [early, late])
    #expect(visitors.map(\.name) == [nil, "Ada L."])
    #expect(batch.visitors([batch.entries[3]]).map(\.name) == ["Bo"])
  }

  @Test("an array's elements are quoted as the manual says")
  func array() {
    #expect(PostgresDatabase.array([]) == "{}")
    #expect(
      PostgresDatabase.array(["a,b", nil, "", "NULL", #"say "hi" \o/"#, "x\0y", "{é}"])
        == #"{"a,b",NULL,"","NULL","say \"hi\" \\o/","x\#u{FFFD}y","{é}"}"#)
    // With an accent on it a character is another one, and has the same byte in it.
    #expect(PostgresDatabase.array(["\"\u{301}\0\u{301}"]) == "{\"\\\"\u{301}\u{FFFD}\u{301}\"}")
  }

  @Test("a record that the disk has changed is set aside, and so is one that lies in another's row")
  func damaged() throws {
    let record = try SampleRecord.encode(try Drawings.sample(label: 3))
    let id = try SampleRecord.decode(record).id
    var changed = record
    changed[changed.count / 2] ^= 1
    var batch = PostgresBatch()
    batch.add(stored(1, id, changed))
    batch.add(stored(2, .random(), record))
    batch.add(stored(3, id, record))
    #expect(batch.damaged.map(\.row) == [1, 2])
    #expect(batch.damaged.first?.reason.contains("SHA-256") == true)
    #expect(batch.entries.map(\.row) == [3])
  }

  @Test(
    "what the database knows is sorted by its hash; what was pruned here is missed only where it is not there"
  )
  func sorted() throws {
    var batch = PostgresBatch()
    for row in 1...3 {
      let record = try SampleRecord.encode(try Drawings.sample(label: row))
      batch.add(stored(Int64(row), try SampleRecord.decode(record).id, record))
    }
    for row in 4...5 {
      batch.add(StoredSample(row: Int64(row), id: .random(), record: nil, hash: Digest(of: [1]), name: nil))
    }
    let entries = batch.entries
    let sorted = batch.sorted([
      entries[0].id: entries[0].hash.description, entries[1].id: Digest(of: [2]).description,
      entries[3].id: entries[3].hash.description,
    ])
    #expect(sorted.present == 2 && sorted.pruned == 1)
    #expect(sorted.conflicts.map(\.id) == [entries[1].id])
    #expect(sorted.missing.map(\.id) == [entries[2].id])
  }

  @Test(
    "an address of a database is told from a file",
    arguments: [
      ("postgres://h/d", true), ("postgresql://", true), ("host=h dbname=d", true), ("service=booth", true),
      ("/mnt/usb/panel.sync", false), ("./host=h", false), ("postgres", false), ("hostile=1", false),
      ("sslmode=require host=db", true), ("password='a b' host=db", true), ("hots=db dbname = d", true),
      ("/mnt/my host=1.sync", false), ("a=b", false), ("=", false), ("", false),
    ])
  func meant(text: String, isMeant: Bool) { #expect(PostgresAddress.isMeant(by: text) == isMeant) }

  @Test(
    "a port that is no number is found, behind an address in brackets too, whose colons are no port's",
    arguments: [
      ("postgresql://h/d", false), ("postgresql://h:5433/d", false), ("postgresql://h:x/d", true),
      ("postgresql://[2001:db8::a]/d", false), ("postgresql://[2001:db8::a]:5433/d", false),
      ("postgresql://[::a]:x", true), ("postgresql://[::a],[::b]:5433,h/d", false),
      ("postgresql://[::a],[::b]:x/d", true), ("postgresql://[::a]:x,h/d", true),
      ("postgresql://h,[::a", false),
      ("postgresql://ada:hunter]2/x@h/d", true), ("postgresql://:hunter2?x@h/d", true),
    ])
  func strayPart(text: String, isStray: Bool) { #expect(PostgresAddress.hasStrayPart(text) == isStray) }

  @Test("an address that is none is wrong usage")
  func wrongAddress() throws {
    let directory = try TemporaryDirectory()
    for address in ["postgresql://h:port/d", "hots=db dbname=d", "host=h sslmode=never dbname="] {
      let run = try ProgramRun(
        ["sync", "--to", address, "--spool", directory.path("spool")], in: directory)
      let isMistyped = !address.contains("never")
      #expect((run.status == 2) == isMistyped, "\(run.complaint)")
      if isMistyped { #expect(run.complaint.contains("its form is postgresql://"), "\(run.complaint)") }
    }
  }

  @Test("samples that were refused are read again in batches, whatever their number")
  func refusedInBatches() throws {
    let directory = try TemporaryDirectory()
    let store = try Store.open(directory: directory.path("spool"))
    for label in 0..<10 { try store.append(try Drawings.sample(label: label)) }
    var rows = [1, 2, 3, 4, 99, 6, 7, 8, 9, 10][...] as ArraySlice<Int64>
    var batches: [[Int64]] = []
    while !rows.isEmpty {
      batches.append(
        try PostgresReading.batch(of: &rows, in: store, samples: 4, bytes: 1 << 20).samples.map(\.row))
    }
    #expect(batches == [[1, 2, 3, 4], [6, 7, 8, 9], [10]])
    rows = [1, 2, 3]
    #expect(
      try PostgresReading.batch(of: &rows, in: store, samples: 4, bytes: 1).count == 1 && rows == [2, 3])
  }

  @Test(
    "only a Unix socket and the loopback count as this machine",
    arguments: [
      ([:], true), (["host": "/run/postgresql"], true), (["host": "@abstract"], true),
      (["host": "localhost"], true),
      (["host": "127.0.0.1"], true), (["host": "127.8.9.1"], true), (["host": "::1"], true),
      (["host": "db", "hostaddr": "127.0.0.1"], true),
      (["host": "localhost", "hostaddr": "10.0.0.1"], false),
      (["host": "db.example.org"], false), (["host": "localhost,db"], false), (["host": "128.0.0.1"], false),
      (["host": "127.0.0.1.example.org"], false), (["host": "::2"], false),
      (["host": "localhost.example.org"], false),
    ] as [([String: String], Bool)])
  func local(values: [String: String], isLocal: Bool) {
    #expect(PostgresAddress.isLocal(PostgresAddress.Said(values: values)) == isLocal)
  }

  @Test(
    "another machine must prove its name unless somebody says otherwise, by the authorities that there are")
  func tls() {
    func added(
      _ values: [String: String], own: Bool = false, system: String? = "/ca.crt", library: Int32 = 150_000
    ) -> [String: String] {
      let made = PostgresAddress.additions(
        PostgresAddress.Said(values: values), authorities: .init(own: own, system: system), library: library)
      return Dictionary(uniqueKeysWithValues: made.map { ($0.keyword, $0.value) })
    }
    #expect(added(["host": "db"])["sslmode"] == "verify-full")
    #expect(added(["host": "db"])["sslrootcert"] == "/ca.crt")
    #expect(added(["host": "db"], system: nil)["sslrootcert"] == nil)
    #expect(added(["host": "db"], own: true)["sslrootcert"] == nil)
    #expect(added(["host": "db"], library: 160_000)["sslrootcert"] == "system")
    #expect(added(["host": "db", "sslrootcert": "/own.crt"])["sslrootcert"] == nil)
    #expect(added(["host": "db", "sslmode": "require"])["sslmode"] == nil)
    #expect(added(["host": "db", "sslmode": "require"])["sslrootcert"] == nil)
    #expect(added(["host": "localhost"])["sslmode"] == nil)
    #expect(added([:])["client_encoding"] == "UTF8")
    #expect(added(["tcp_user_timeout": "5"])["tcp_user_timeout"] == nil)
  }

  @Test(
    "an address that cannot be read is one sentence without the password",
    arguments: [
      "postgresql://ada:hunter2@", "postgresql://ada:hunt%er2@h/d", "postgresql://ada:hunter2/x@h/d",
      "postgresql://ada:hunter2?x@h/d", "postgresql://ada:x@[::1/d?password=hunter2",
      "host=h password='hunter2", "postgresql://h/d?hunter2",
    ])
  func secret(text: String) throws {
    let error = error { () throws(PostgresError) in _ = try PostgresAddress(text) }
    if let error {
      #expect(
        !error.description.contains("hunter2") || !text.contains(":hunter2") && !text.contains("password"))
      #expect(error.description.hasPrefix("cannot read the address of the database: "))
      #expect(!error.description.contains("\n"))
    } else {
      #expect(!(try PostgresAddress(text).name.contains("hunter2")))
    }
  }

  @Test("an address shows where it leads, and whether a password stands in it")
  func name() throws {
    let address = try PostgresAddress("postgresql://ada:hunter2@db.example.org:5433/digits")
    #expect(address.name == "the database digits at db.example.org, port 5433")
    #expect(address.place == "postgresql://db.example.org:5433/digits")
    #expect(try PostgresAddress("host=::1 dbname=d").place == "postgresql://[::1]:5432/d")
    #expect(try PostgresAddress("postgresql://[2001:db8::a]/d").place == "postgresql://[2001:db8::a]:5432/d")
    #expect(address.hasPassword)
    #expect(
      address.parameters.last
        == .init(keyword: "dbname", value: "postgresql://ada:hunter2@db.example.org:5433/digits"))
    #expect(
      try PostgresAddress("host=/run/pg dbname=digits").name == "the database digits at /run/pg, port 5432")
    #expect(try !PostgresAddress("host=/run/pg dbname=digits").hasPassword)
  }

  @Test("where PostgreSQL's library is missing, the sentence says what to install")
  func missingLibrary() throws {
    _ = try PostgresLibrary.load()
    let error = #expect(throws: PostgresError.self) { try PostgresLibrary(named: "libpq.so.0") }
    #expect(error?.kind == .refused)
    let start = "cannot load PostgreSQL's library: libpq.so.0: cannot open shared object file"
    #expect(error?.description.hasPrefix(start) == true)
    #expect(error?.description.hasSuffix("; install it: apt install libpq5") == true)
    let other = #expect(throws: PostgresError.self) { try PostgresLibrary(named: "libm.so.6") }
    #expect(other?.reason == "libm.so.6 has no PQconnectStartParams")
  }

  @Test("the server's answer is found in libpq's words, whatever the language of the severity")
  func answer() {
    let message = """
      connection to server at "127.0.0.1", port 5432 failed: FATAL:  28P01: password authentication failed for user "ada"
      LOCATION:  auth_failed, auth.c:335
      """
    let error = PostgresError(unconnected: message, "the database d")
    #expect(error.state == "28P01" && error.kind == .refused)
    #expect(
      error.description
        == "cannot connect to the database d: password authentication failed for user \"ada\"; \(PostgresError.passwordStep)"
    )
    #expect(PostgresError.answer(in: "x failed: FATALE:  3D000: nada")?.state == "3D000")
    #expect(PostgresError.answer(in: "could not translate host name \"db\" to address: nothing") == nil)
    let starting = PostgresError(
      unconnected: "x failed: FATAL:  57P03: the database system is starting up", "d")
    #expect(starting.kind == .busy)
  }

  @Test(
    "an answer of the server says whether to repeat, to leave a row behind, or to stop",
    arguments: [
      ("40001", .busy), ("40P01", .busy), ("57P01", .lost), ("08006", .lost), ("23514", .data),
      ("22021", .data),
      ("42501", .refused), ("53100", .refused), ("25006", .refused), ("57014", .refused), ("XX000", .refused),
    ] as [(String, PostgresError.Kind)])
  func kinds(state: String, kind: PostgresError.Kind) {
    let error = PostgresError(state: state, message: "said so.", "upload to", "the database d")
    #expect(error.kind == kind)
    #expect(error.description.hasPrefix("cannot upload to the database d: said so"))
    if kind == .refused, state != "XX000" { #expect(error.nextStep != nil) }
  }

  private func stored(_ row: Int64, _ id: Identifier, _ record: [UInt8]) -> StoredSample {
    StoredSample(
      row: row, id: id, record: record, hash: Digest(bytes: record.suffix(32)) ?? Digest(of: []), name: "Ada")
  }
}

/// The error that `body` throws, or nil.
private func error<E: Error>(of body: () throws(E) -> Void) -> E? {
  do throws(E) {
    try body()
    return nil
  } catch {
    return error
  }
}
