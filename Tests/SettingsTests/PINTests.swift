import Testing

@testable import Settings

@Suite("The operator's PIN")
struct PINTests {
  @Test("numbers that anybody would try first are refused, with the reason")
  func weak() {
    for pin in [
      "", "1", "123", "1234", "0000", "9999", "4321", "7890", "0987", "1212", "123123", "12341234", "1984",
      "2024",
      "2580", "0123456789012", "12a4", "١٢٣٤", "-123", "12 4",
    ] {
      #expect(PIN.weakness(of: pin) != nil, "\(pin)")
    }
    for pin in ["4711", "8302", "1357", "60218", "120312", "314159265358", "1122"] {
      #expect(PIN.weakness(of: pin) == nil, "\(pin)")
    }
  }

  @Test("most numbers of four digits are allowed")
  func mostAreAllowed() {
    let refused = (0..<10_000).count { PIN.weakness(of: String("0000\($0)".suffix(4))) != nil }
    #expect(refused > 200 && refused < 400)
  }

  @Test("a hash is yescrypt with a salt of its own, and matches its PIN only")
  func ownHash() throws {
    let (a, b) = (try PINHash(of: "4711"), try PINHash(of: "4711"))
    #expect(a.text.hasPrefix("$y$"))
    #expect(PINHash.memory(of: a.text) == 4 << 20)
    #expect(a != b)
    #expect(a.matches("4711") && b.matches("4711"))
    for wrong in ["", "4710", "47111", "471", "4711 "] {
      #expect(!a.matches(wrong), "\(wrong)")
    }
    #expect(PINHash(a.text) == a)
  }

  /// Made by other programs: `mkpasswd -m METHOD 4711` (whois 5.5.17) and `openssl passwd -6`.
  @Test(
    "hashes of the system's own tools are taken",
    arguments: vectors)
  func systemHashes(text: String) throws {
    let hash = try #require(PINHash(text), "\(text)")
    #expect(hash.matches("4711"))
    #expect(!hash.matches("4712"))
  }

  static let vectors = [
    "$y$j9T$f1BM0goFxEAfvn/p2pUu1.$9l1.5BngtzRxwrsXITlxn97MRIw59/UraJZ75oWRhL0",
    "$gy$j9T$eYuHnwDYC9IwuOdskZbUs1$5AXsFrxDZmCA67OHYjTAUr6SnjfY071IjlVa6J9xFH2",
    "$2b$05$f8gTrsqAbK4rC.Qc.gfEI.2iIxYSkUwHzY2qhFoq6K1wvXfAr7b7y",
    "$6$wsLzMsq4sB1HmISz$NfCI9gmDjmGSnh7LA5kpzIq4ataCloejrM7Oi.yUQ/TEdGWwn4MBKG8UT8y3RsGd/GGsFe/dATFf4m/5xtTrH0",
    "$6$panel$rIsm55Ou1J89xGX.aZxp7FZL5b71ZDei.SGXK1LWDB7Fpl041qsdNbP7vHXrLcFSRnq6DFQRlK0w6f9EZAFRX.",
  ]

  @Test("the memory that a check takes is read from the hash, and one that takes more than 16 MiB is none")
  func memory() throws {
    #expect(Self.vectors.map(PINHash.memory) == [16 << 20, 16 << 20, 0, 0, 0])
    // `mkpasswd -m scrypt 4711`: 64 MiB; with `-R 6`: 1 MiB.
    let scrypt = "$7$CU..../....4/vvvKLIU6OfbLWsSfPlT/$RLD4plNYccKo/0Z1SiD3nlDtQtPg6QmptS5P5rCro2."
    #expect(PINHash.memory(of: scrypt) == 64 << 20)
    #expect(PINHash(scrypt) == nil)
    // yescrypt of cost 6 and of the largest r that one character says, and one that says r in two characters.
    let rest = "$f1BM0goFxEAfvn/p2pUu1.$9l1.5BngtzRxwrsXITlxn97MRIw59/UraJZ75oWRhL0"
    #expect(PINHash.memory(of: "$y$jAT" + rest) == 32 << 20)
    #expect(PINHash("$y$jAT" + rest) == nil)
    #expect(PINHash.memory(of: "$y$j9j" + rest) == 128 * 48 * 4096)
    #expect(PINHash.memory(of: "$y$j9k." + rest) == nil)
    for broken in ["", "$y$", "$7$C", "$y$j", "$7$C*...../....", "$7$zzzzzz"] {
      #expect(PINHash(broken + rest) == nil, "\(broken)")
    }
  }

  @Test("what is no hash, is cut off, or of a method that is too quick is none")
  func noHash() throws {
    let good = try PINHash(of: "4711").text
    for text in [
      "", "4711", "none", "$y$", "$y$j9T$", String(good.dropLast()) + ":", String(good.prefix(30)),
      good + " ", "*0", "*1",
      "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0",
      "$5$DrSfT.6L6tJCLRZW$pz2Cmts1yiA9kCBAoAtU9lN1Qq3N10zpvQrbqJ3.An/", "abJnggxhB/yWI",
      "$3$$8846f7eaee8fb117ad06bdd830b7586c", "$6$", "$6$salt$short",
      "$y$j9T$" + String(repeating: "a", count: 600),
    ] {
      #expect(PINHash(text) == nil, "\(text)")
    }
  }

  @Test("three tries are free, then each costs a wait that doubles to ten minutes")
  func backOff() {
    var tries = PINTries()
    var now: UInt64 = 5_000_000_000
    var waits: [UInt64] = []
    for _ in 0..<9 {
      #expect(!tries.isLocked(at: now))
      tries.begin(at: now)
      tries.fail(at: now)
      waits.append((tries.lockedUntil - now) / 1_000_000_000)
      now = tries.lockedUntil
    }
    #expect(waits == [0, 0, 30, 60, 120, 240, 480, 600, 600])
    tries.begin(at: now)
    tries.succeed()
    #expect(tries == PINTries())
    #expect(!tries.isLocked(at: now))
  }

  @Test("a panel that starts again waits anew, also when it was cut off amid a try")
  func backOffAfterRestart() {
    #expect(!PINTries(wrong: 2, now: 7).isLocked(at: 7))
    #expect(PINTries(wrong: 3, now: 7).lockedUntil == 30_000_000_007)
    #expect(PINTries(wrong: 60, now: 7).lockedUntil == 600_000_000_007)
    #expect(PINTries(wrong: -1, now: 7).wrong == 0)
    var cut = PINTries(wrong: 2, now: 0)
    cut.begin(at: 1)
    #expect(PINTries(wrong: cut.wrong, now: 9).isLocked(at: 10))
  }
}
