import Ink
import Randomness
import Spool
import Testing

@testable import Panel

@Suite("The name")
struct NameTests {
  /// A guest who has come to the name screen, in a language by its place.
  private func guest(_ language: Int = 0, board: [String] = []) throws -> Guest {
    var guest = try Guest(board: board)
    _ = guest.booth.speak(language)
    guest.press(.showName)
    guest.press(.start)
    #expect(guest.booth.screen == "name")
    return guest
  }

  @Test("one press is enough: the nickname on offer is taken, and goes on counting nowhere")
  func onePress() throws {
    var guest = try guest()
    let offered = try #require(guest.name?.text)
    #expect(!offered.isEmpty)
    guest.press(.done)
    #expect(guest.booth.stage == .sheet(.challenge))
    #expect(guest.booth.visit.name == offered)
    // The recorder looks only for names that are not the nickname.
    #expect(guest.booth.visit.nickname == offered)
    #expect(guest.newVisits == 1)
  }

  @Test("the dice offer another nickname each time, never one of the board")
  func dice() throws {
    let languages = try StringsTests.languages()
    for strings in languages.all {
      let taken = Array(Nicknames(strings).all.dropFirst(40))
      var screen = NameScreen(strings: strings, board: taken, seed: 7)
      var free = Set<String>()
      for _ in 0..<200 {
        let before = screen.text
        _ = screen.press(.another, at: 0)
        #expect(screen.text != before)
        #expect(screen.isOffered)
        if !taken.contains(screen.text) { free.insert(screen.text) }
      }
      // 20 tries in 40 free ones of several hundred: most offers are free, though not all can be.
      #expect(free.count > 20)
    }
  }

  @Test("nicknames that nobody in the store has are offered in turn, each time another one")
  func free() throws {
    let strings = try #require(try StringsTests.languages().all.first)
    let offers = ["Amber Fox", "Brave Owl", "Calm Newt 2"]
    var screen = NameScreen(strings: strings, board: ["Brave Owl"], offers: offers, seed: 7)
    #expect(screen.text == "Amber Fox" && screen.isOffered)
    var seen: [String] = []
    for _ in 0..<4 {
      _ = screen.press(.another, at: 0)
      seen.append(screen.text)
    }
    #expect(seen == ["Calm Newt 2", "Amber Fox", "Calm Newt 2", "Amber Fox"])
    // What the store has found takes the place of chance.
    var guest = try Guest()
    _ = guest.booth.update(Scoreboard(prompt: 3, nicknames: ["en": ["Witty Seal 31"]]))
    guest.press(.showName)
    guest.press(.start)
    #expect(guest.name?.text == "Witty Seal 31")
  }

  @Test("where names are taken nicknames end in the lowest number that is free, and still have room")
  func numbered() throws {
    var random = SplitMix64(seed: 3)
    for strings in try StringsTests.languages().all {
      let nicknames = Nicknames(strings)
      let all = Set(nicknames.all)
      var asked = 0
      // All of them are taken up to 300, and one is not taken at all.
      let single = try #require(nicknames.all.last)
      func isTaken(_ name: String) -> Bool {
        asked += 1
        if name == single { return false }
        let words = name.split(separator: " ")
        return all.contains(name) || words.count > 2 && (Int(words[2]) ?? 0) <= 300
      }
      let free = try nicknames.free(8, limit: NameScreen.limit, using: &random, isTaken: isTaken)
      #expect(free.count == 8 && Set(free).count == 8)
      #expect(free.allSatisfy { $0 == single || $0.hasSuffix(" 301") })
      #expect(free.allSatisfy { $0.count <= NameScreen.limit && ContributorName.cleaned($0) == $0 })
      #expect(asked < 8 * 100)
      let plain = try nicknames.free(8, limit: NameScreen.limit, using: &random) { _ in false }
      #expect(Set(plain).isSubset(of: all) && Set(plain).count == 8)
    }
    #expect(try Nicknames.numbered("Amber Fox") { $0 == "Amber Fox" } == "Amber Fox 2")
    #expect(
      try Nicknames.numbered("Amber Fox") { ["Amber Fox 2", "Amber Fox 3"].contains($0) } == "Amber Fox 4")
  }

  @Test("every nickname of every language has room, and is one as it stands")
  func nicknames() throws {
    for strings in try StringsTests.languages().all {
      let all = Nicknames(strings).all
      #expect(Set(all).count >= 400)
      #expect(Set(all).count == all.count)
      for nickname in all {
        #expect(nickname.count <= NameScreen.limit, "\(nickname)")
        #expect(ContributorName.cleaned(nickname) == nickname)
      }
    }
  }

  @Test("the first letter takes the place of the nickname, as a capital; the next are small")
  func typing() throws {
    var guest = try guest()
    guest.type("Anna-Lena")
    #expect(guest.name?.text == "Anna-Lena")
    guest.press(.done)
    #expect(guest.booth.visit.name == "Anna-Lena")
    #expect(guest.booth.visit.nickname != "Anna-Lena")
  }

  @Test("shift is for one letter")
  func shift() throws {
    var guest = try guest()
    guest.press(.key("a"))
    guest.press(.key("b"))
    guest.press(.shift)
    guest.press(.key("c"))
    guest.press(.key("d"))
    #expect(guest.name?.text == "AbCd")
    guest.press(.space)
    guest.press(.key("e"))
    #expect(guest.name?.text == "AbCd E")
  }

  @Test("a name neither begins with a space nor has two in a row")
  func spaces() throws {
    var guest = try guest()
    guest.press(.space)
    #expect(guest.name?.text == "")
    guest.type("A  b")
    #expect(guest.name?.text == "A b")
    guest.press(.space)
    guest.press(.done)
    #expect(guest.booth.visit.name == "A b")
  }

  @Test("backspace wipes a nickname at once, and repeats while it is held")
  func backspace() throws {
    var guest = try guest()
    guest.press(.backspace)
    #expect(guest.name?.text == "")
    #expect(guest.name?.isEnabled(.backspace) == false)
    guest.type("Bartholomew")
    let key = try #require(
      guest.name?.controls(in: guest.booth.layout).first { $0.control == .backspace }?.rect)
    guest.down(key)
    #expect(guest.name?.text == "Bartholome")
    guest.wait(499)
    #expect(guest.name?.text == "Bartholome")
    guest.wait(500)
    #expect((guest.name?.text.count ?? 99) <= 6)
    guest.wait(2000)
    #expect(guest.name?.text == "")
    guest.send(.up, Float(key.x + 2), Float(key.y + 2))
    #expect(guest.name?.isShifted == true)
    guest.press(.done)
    #expect(guest.booth.visit.name == "")
  }

  @Test("the accent key turns the last letter, small or capital, and comes back to it")
  func accents() throws {
    var guest = try guest(3)
    guest.type("E")
    var seen: [String] = []
    for _ in 0..<5 {
      guest.press(.accent)
      seen.append(guest.name?.text ?? "")
    }
    #expect(seen == ["É", "È", "Ê", "Ë", "E"])
    guest.type("w")
    #expect(guest.name?.isEnabled(.accent) == false)
  }

  @Test("every letter of every keyboard can be typed, and no key is there twice")
  func everyKey() throws {
    for (i, strings) in try StringsTests.languages().all.enumerated() {
      let keyboard = strings.keyboard
      let letters = keyboard.rows.joined() + keyboard.extra
      #expect(Set(letters).count == letters.count, "\(strings.language)")
      for letter in letters {
        var guest = try guest(i)
        guest.press(.key(letter))
        #expect(guest.name?.text == String(Keyboard.capital(letter)))
      }
    }
    // The alphabets are whole.
    let ukrainian = try StringsTests.languages().all[4].keyboard
    #expect(
      Set("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’").isSubset(of: Set(ukrainian.rows.joined() + ukrainian.extra)))
    var guest = try guest()
    guest.press(.figures)
    guest.press(.key("7"))
    guest.press(.key("★"))
    guest.press(.figures)
    guest.press(.key("b"))
    #expect(guest.name?.text == "7★b")
  }

  @Test("a burst of 300 keys fills the field and no more")
  func burst() throws {
    var guest = try guest()
    let keys: [NameScreen.Control] = [.key("q"), .space, .accent, .shift, .key("o"), .figures]
    for i in 0..<300 { guest.press(keys[i * 7 % keys.count]) }
    for _ in 0..<300 { guest.press(.key("m")); guest.press(.key("1")) }
    #expect(guest.name?.text.count == NameScreen.limit)
    #expect(guest.name?.isFull == true)
    guest.press(.done)
    #expect(guest.booth.visit.name.count <= NameScreen.limit)
  }

  @Test("a name of the board is told that it goes on counting there, whatever its case")
  func known() throws {
    var guest = try guest(board: ["zoë", "Max"])
    #expect(guest.name?.isKnown == false)
    guest.type("MAX")
    #expect(guest.name?.isKnown == true)
    guest.press(.done)
    #expect(guest.booth.visit.name == "MAX")
    #expect(guest.booth.visit.nickname != "MAX")
  }

  @Test("who comes back under a name is welcomed with what it counts, once the store has told")
  func welcome() throws {
    var guest = try guest(board: ["Max"])
    guest.type("Max")
    guest.press(.done)
    _ = guest.booth.update(Scoreboard(prompt: 4, own: 40, rank: 1, total: 1284))
    #expect(guest.booth.message == .welcomeBack(40))
    guest.wait(11_000)
    #expect(guest.booth.message == .none)
    // Not again with the next drawing, and not who takes the nickname on offer.
    _ = guest.booth.update(Scoreboard(prompt: 5, own: 41, rank: 1, total: 1285))
    #expect(guest.booth.message == .none)
    var other = try self.guest(board: ["Max"])
    other.press(.done)
    _ = other.booth.update(Scoreboard(prompt: 4, own: 3, rank: 1, total: 1284))
    #expect(other.booth.message == .none)
  }

  @Test("a name that is typed as the nickname on offer was is the visitor's own")
  func typedNickname() throws {
    var guest = try guest()
    let offered = try #require(guest.name?.text)
    guest.press(.backspace)
    guest.type(offered)
    guest.press(.done)
    #expect(guest.booth.visit.name == offered)
    #expect(guest.booth.visit.nickname != offered)
  }

  @Test("drawing the changed places again gives the same picture as drawing everything", arguments: [0, 4])
  func partsEqualWhole(language: Int) throws {
    let view = BoothView(theme: .dark, letters: try Letters.inter(), title: "Digit Panel")
    var guest = try guest(language, board: ["Ab"])
    var shown = Letters.picture(guest.booth, view)
    var random = SplitMix64(seed: 11)
    for step in 0..<150 {
      let controls = try #require(guest.name).controls(in: guest.booth.layout)
        .filter { $0.control != .done && $0.control != .another || step % 10 == 0 && $0.control != .done }
      guest.areas = []
      let control = try #require(controls.randomElement(using: &random))
      if step % 5 == 4 {
        // Seen while the finger is on it.
        guest.down(control.rect)
      } else {
        guest.touch(control.rect)
      }
      let all = guest.areas == nil ? [guest.booth.layout.bounds] : guest.areas ?? []
      var changed: [PixelRect] = []
      view.draw(areas: all, of: guest.booth, on: &shown, changed: &changed)
      guard shown == Letters.picture(guest.booth, view) else {
        Issue.record("step \(step): after \(control.control) something else has changed than \(all)")
        return
      }
      if step % 5 == 4 { guest.send(.up, 0, 0); shown = Letters.picture(guest.booth, view) }
    }
  }
}
