import Ink
import Randomness
import Testing

@testable import Spool

@Suite("Identifiers, clocks, codes and blocks")
struct PartsTests {
  @Test("an identifier is a random UUID of version 4, and its text reads back")
  func identifiers() {
    var seen: Set<Identifier> = []
    for _ in 0..<1000 {
      let identifier = Identifier.random()
      #expect(seen.insert(identifier).inserted)
      let text = Array(identifier.description)
      #expect(text.count == 36 && text[14] == "4" && "89ab".contains(text[19]))
      #expect(Identifier(identifier.description) == identifier)
      #expect(Identifier(identifier.description.uppercased()) == identifier)
      #expect(Identifier(bytes: identifier.bytes) == identifier)
    }
    #expect(
      Identifier("00112233-4455-6677-8899-aabbccddeeff")?.bytes
        == [0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF])
  }

  @Test(
    "what is no UUID is none",
    arguments: [
      "", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
      "00112233445566778899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeefg",
      "0011223344556677-8899-aabb-ccddeeff", "ä0112233-4455-6677-8899-aabbccddeef",
    ])
  func noIdentifiers(_ text: String) {
    #expect(Identifier(text) == nil)
  }

  @Test("a clock is judged by what it rests on")
  func clockQuality() {
    let now = ClockQuality.earliest + 86_400_000
    #expect(ClockQuality(wall: 0, synchronised: true, hardware: nil) == .unset)
    #expect(ClockQuality(wall: -5, synchronised: false, hardware: -5) == .unset)
    #expect(ClockQuality(wall: ClockQuality.earliest - 1, synchronised: false, hardware: now) == .unset)
    #expect(ClockQuality(wall: now, synchronised: true, hardware: nil) == .ntp)
    #expect(ClockQuality(wall: now, synchronised: true, hardware: now) == .ntp)
    #expect(ClockQuality(wall: now, synchronised: false, hardware: now - 900) == .rtc)
    #expect(ClockQuality(wall: now, synchronised: false, hardware: nil) == .restored)
    // A flat battery starts at 1970 or 2000; a drifted clock is not where the time came from.
    #expect(ClockQuality(wall: now, synchronised: false, hardware: 60_000) == .restored)
    #expect(ClockQuality(wall: now, synchronised: false, hardware: now + 3_600_000) == .restored)
    #expect(ClockQuality(wall: now, synchronised: false, hardware: Int64.max / 2) == .restored)
  }

  @Test("the clocks of this machine go forward, in the boot that the kernel names")
  func now() {
    let first = Timestamp.now()
    let second = Timestamp.now()
    #expect(first.boot == second.boot && first.boot != .none)
    #expect(second.sinceBoot >= first.sinceBoot && first.sinceBoot > 0)
  }

  @Test("a receipt code is read as people type it")
  func receiptTyping() {
    var generator = SplitMix64(seed: 8)
    for _ in 0..<200 {
      let code = ReceiptCode(session: Identifier(using: &generator))
      #expect(code.characters.count == 8 && code.description.count == 9)
      #expect(ReceiptCode(code.description) == code)
      #expect(ReceiptCode(code.characters.lowercased()) == code)
      let spoken = code.characters.map { $0 == "0" ? "o" : $0 == "1" ? "l" : String($0) }
      #expect(ReceiptCode(" " + spoken.joined(separator: " ")) == code)
    }
    #expect(ReceiptCode("") == nil)
    #expect(ReceiptCode("K7M2-9QX") == nil)
    #expect(ReceiptCode("K7M2-9QXR-K") == nil)
    #expect(ReceiptCode("UUUU-UUUU") == nil)
  }

  @Test("a mistyped character of a receipt code, and two exchanged ones, are noticed")
  func receiptCheck() {
    var generator = SplitMix64(seed: 9)
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    for _ in 0..<50 {
      let code = Array(ReceiptCode(session: Identifier(using: &generator)).characters)
      for place in code.indices {
        for other in alphabet where other != code[place] {
          var typed = code
          typed[place] = other
          #expect(ReceiptCode(String(typed)) == nil)
        }
        for second in code.indices where code[second] != code[place] {
          var typed = code
          typed.swapAt(place, second)
          #expect(ReceiptCode(String(typed)) == nil)
        }
      }
    }
  }

  @Test("the most and the least asked digit never differ by more than one, whatever is stored and by whom")
  func blockBalance() {
    for seed in 0..<20 {
      var generator = SplitMix64(seed: UInt64(seed))
      var block = DigitBlock(using: &generator)
      var counts = [Int](repeating: 0, count: 10)
      var drawn: DigitSet = []
      for _ in 0..<1000 {
        if Int.random(in: 0..<7, using: &generator) == 0 { drawn = [] }
        // What is asked for stays until it is stored.
        let digit = block.next(avoiding: drawn)
        #expect(block.next(avoiding: drawn) == digit)
        counts[digit] += 1
        block.advance(past: digit, using: &generator)
        drawn.insert(DigitSet(digit))
        if drawn == .all { drawn = [] }
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
      }
    }
  }

  @Test("one visitor draws all ten before any comes again, wherever in a block they begin")
  func visitorRound() {
    for seed in 0..<40 {
      var generator = SplitMix64(seed: UInt64(seed))
      var block = DigitBlock(using: &generator)
      for _ in 0..<Int.random(in: 0..<10, using: &generator) {
        block.advance(past: block.next(), using: &generator)
      }
      var drawn: DigitSet = []
      for _ in 0..<50 {
        let digit = block.next(avoiding: drawn)
        #expect(!drawn.contains(digit: digit))
        block.advance(past: digit, using: &generator)
        drawn.insert(DigitSet(digit))
        if drawn == .all { drawn = [] }
      }
    }
  }

  @Test("with some digits only those are asked for, in balance, in blocks of their own")
  func someDigits() {
    let prompts: DigitSet = [DigitSet(0), DigitSet(3), DigitSet(9)]
    for seed in 0..<20 {
      var generator = SplitMix64(seed: UInt64(seed))
      var block = DigitBlock(using: &generator)
      var counts = [Int](repeating: 0, count: 10)
      for _ in 0..<200 {
        let digit = block.next(among: prompts)
        counts[digit] += 1
        block.advance(past: digit, among: prompts, using: &generator)
      }
      let asked = [0, 3, 9].map { counts[$0] }
      #expect(asked.reduce(0, +) == 200)
      #expect((asked.max() ?? 0) - (asked.min() ?? 0) <= 1)
    }
  }

  @Test("a new block never begins with the digit that was drawn just before")
  func notTwiceInARow() {
    var generator = SplitMix64(seed: 4)
    var block = DigitBlock(using: &generator)
    var last: Int?
    for _ in 0..<2000 {
      let digit = block.next()
      #expect(digit != last)
      block.advance(past: digit, using: &generator)
      last = digit
    }
  }

  @Test("blocks are shuffled: each digit comes first about as often")
  func blockShuffle() {
    var generator = SplitMix64(seed: 10)
    var first = [Int](repeating: 0, count: 10)
    for _ in 0..<10_000 { first[DigitBlock(using: &generator).next()] += 1 }
    // Six standard deviations of a binomial with n = 10,000 and p = 0.1 are 180.
    #expect(first.allSatisfy { abs($0 - 1000) < 180 })
  }

  @Test("names are trimmed, freed of control characters and compared without case")
  func names() {
    #expect(ContributorName.cleaned("  Zoë\u{1B}[2J \n") == "Zoë[2J")
    #expect(ContributorName.cleaned(" \t ") == "")
    #expect(ContributorName.key("ÄNNE ") == ContributorName.key(" änne"))
    // Composed and decomposed, an override of direction, an invisible space, a line in two.
    #expect(ContributorName.cleaned("Zoe\u{308}").unicodeScalars.elementsEqual("Zo\u{EB}".unicodeScalars))
    #expect(ContributorName.cleaned("\u{202E}evE\u{2066}\u{200B} \n\tX\u{FEFF}") == "evE X")
    #expect(ContributorName.cleaned("\u{200D}\u{FE0F} \u{2069}") == "")
    #expect(ContributorName.cleaned("נועה") == "נועה")
    #expect(ContributorName.cleaned(String(repeating: "👨‍👩‍👧‍👦", count: 100)).count == ContributorName.limit)
    let pile = "a" + String(repeating: "\u{301}", count: 5000)
    #expect(ContributorName.cleaned(pile).unicodeScalars.count <= 12)
  }
}
