import Ink
import Kernel
import Spool
import Testing

@testable import Panel

@Suite("Consent")
struct ConsentTests {
  @Test("nothing is ticked beforehand, and Start goes on either way")
  func nothingTicked() throws {
    var guest = try Guest()
    let version = try #require(guest.consent?.text.version)
    #expect(guest.booth.screen == "consent")
    guest.press(.start)
    #expect(guest.booth.visit.consent == Consent(version: version, dataSet: false, nameShown: false))
    // Who is not shown is not asked for a name.
    #expect(guest.booth.stage == .sheet(.challenge))
    #expect(guest.booth.visit.name == "")
    #expect(guest.newVisits == 1)
  }

  @Test("the two choices are made one without the other, and taken back", arguments: [true, false])
  func separate(first: Bool) throws {
    var guest = try Guest()
    guest.press(first ? .useDrawings : .showName)
    #expect(guest.consent?.usesDrawings == first)
    #expect(guest.consent?.showsName == !first)
    // Only the card that was pressed is drawn again.
    let places = try #require(guest.consent).places(in: guest.booth.layout)
    #expect(Set(guest.areas ?? []) == [first ? places.useDrawings : places.showName])
    guest.press(first ? .useDrawings : .showName)
    #expect(guest.consent?.hasChoices == false)
    // A finger that slides off changes nothing.
    guest.press(.useDrawings, slides: true)
    #expect(guest.consent?.hasChoices == false)
  }

  @Test("both choices and the version of the text go into the visit, with the language")
  func intoTheVisit() throws {
    var guest = try Guest()
    guest.press(.language(1))
    let german = try #require(guest.consent?.text.version)
    guest.press(.useDrawings)
    guest.press(.showName)
    guest.press(.start)
    #expect(guest.booth.visit.consent == Consent(version: german, dataSet: true, nameShown: true))
    guest.press(.done)
    #expect(guest.booth.visit.language == "de")
    #expect(guest.booth.submission?.visit.language == "de")
    #expect(guest.booth.submission?.visit.consent.version == german)
  }

  @Test("a language keeps the choices and changes every word")
  func language() throws {
    var guest = try Guest()
    guest.press(.useDrawings)
    let english = guest.consent?.text
    guest.press(.language(4))
    #expect(guest.booth.strings.language == "uk")
    #expect(guest.consent?.usesDrawings == true)
    #expect(guest.consent?.text != english)
    #expect(guest.areas == nil)
  }

  @Test("a visitor who leaves leaves neither choices nor language")
  func leaves() throws {
    var guest = try Guest()
    let before = guest.booth.stage
    guest.press(.language(2))
    guest.press(.useDrawings)
    guest.press(.readAll)
    guest.wait(60_000)
    #expect(guest.booth.stage == before)
    #expect(guest.booth.strings.language == "en")
    #expect(guest.booth.deadline == nil)
    // And who goes as far as the sheet leaves no name on it.
    guest.press(.showName)
    guest.press(.start)
    guest.type("Zoe")
    guest.press(.done)
    #expect(guest.booth.visit.name == "Zoe")
    guest.wait(60_000)
    #expect(guest.booth.stage == before)
    #expect(guest.booth.visit.name == "")
    #expect(
      guest.booth.visit.consent.nameShown
        == Visit(pseudonym: .none, session: .none, nickname: "").consent.nameShown)
  }

  @Test(
    "the whole text can be read, page by page, and nothing of it is missing", arguments: LayoutTests.sizes)
  func pages(width: Int, height: Int) throws {
    for index in StringsTests.tags.indices {
      var guest = try Guest(width: width, height: height)
      _ = guest.booth.speak(index)
      guest.press(.readAll)
      let screen = try #require(guest.consent)
      let pages = screen.pages(in: guest.booth.layout)
      let words = pages.joined().flatMap { $0.split(separator: " ") }
      #expect(words == screen.text.paragraphs.flatMap { $0.split(separator: " ") })
      for _ in 1..<max(2, pages.count + 3) { guest.press(.next) }
      #expect(guest.consent?.page == pages.count - 1)
      guest.press(.previous)
      #expect(guest.consent?.page == max(0, pages.count - 2))
      guest.press(.back)
      #expect(guest.consent?.page == nil)
    }
  }

  @Test("an operator's text is shown in place of the program's, and names its version")
  func operatorsText() throws {
    let text =
      "\u{FEFF}Version: museum 2026-11\r\n\nWir sammeln\r\n deine Ziffern.\n\n \nMehr dazu\nan der Kasse.\n"
    let consent = try #require(ConsentText(bytes: Array(text.utf8), .english))
    #expect(consent.paragraphs == ["Wir sammeln deine Ziffern.", "Mehr dazu an der Kasse."])
    #expect(consent.version.hasPrefix("museum 2026-11#"))
    #expect(consent.version.utf8.count == "museum 2026-11#".utf8.count + 12)
    let changed = try #require(ConsentText(bytes: Array((text + "!").utf8), .english))
    #expect(changed.version != consent.version)
    #expect(changed.version.hasPrefix("museum 2026-11#"))
    let unnamed = try #require(ConsentText(bytes: Array("Words.".utf8), .english))
    #expect(unnamed.version.hasPrefix("file#"))
  }

  @Test("a version of any length fits into a sample")
  func versionLength() throws {
    let text = "version: " + String(repeating: "long ", count: 100) + "\n\nWords."
    let consent = try #require(ConsentText(bytes: Array(text.utf8), .english))
    #expect(consent.version.utf8.count <= 64)
    for strings in try StringsTests.languages().all { #expect(ConsentText(strings).version.utf8.count <= 64) }
  }

  @Test("the version changes with every word that a visitor is told")
  func versions() throws {
    let versions = try StringsTests.languages().all.map { ConsentText($0).version }
    #expect(Set(versions).count == versions.count)
    #expect(versions.allSatisfy { $0.hasPrefix("panel#") })
  }

  @Test("a consent text that cannot be read is a finding, and the program's own is shown")
  func unreadable() throws {
    let absent = KernelError("open", "consent", reason: "no such file")
    let languages = Languages(offered: ["en", "de"], initial: "en", consent: "/etc/{language}.txt") {
      name, _ throws(KernelError) in
      switch name {
      case "/etc/en.txt": return [0xFF, 0xFE]
      case "/etc/de.txt": return Array("Ja?".utf8)
      default: throw absent
      }
    }
    #expect(
      languages.findings.contains(
        "consent text /etc/en.txt is no text in UTF-8; the program's own text is shown"))
    #expect(languages.consent(in: .english) == ConsentText(.english))
    #expect(languages.all.map(\.language) == ["en"])
    let missing = Languages(offered: ["en"], initial: "en", consent: "/etc/consent.txt") {
      name, _ throws(KernelError) in throw absent
    }
    #expect(missing.findings.last?.hasSuffix("the program's own text is shown in en") == true)
    for bytes in [[], Array("  \n\n".utf8), Array("version: 3\n".utf8)] {
      #expect(ConsentText(bytes: bytes, .english) == nil)
    }
  }
}
