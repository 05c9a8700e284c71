import Glibc
import Randomness
import Testing

@testable import Recognizer

@Suite("Softmax")
struct SoftmaxTests {
  @Test("the table of powers equals that of floating point, rounded")
  func table() {
    let softmax = Softmax()
    for i in 0..<256 {
      // Two logits whose distance is i: their shares are 1 and 2^(-i/256).
      var logits = SIMD16<Int16>(repeating: 0)
      logits[1] = Int16(-i)
      let shares = softmax.shares(of: logits, count: 2)
      let ratio = exp2(-Double(i) / 256)
      #expect(abs(Double(shares[1]) - 65536 * ratio / (1 + ratio)) <= 0.5 + 1e-4)
      #expect(softmax.power(i) == Int(exp2(31 - Double(i) / 256).rounded()))
    }
  }

  @Test("shares always add up to 65536", arguments: 0..<50)
  func sum(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let softmax = Softmax()
    for _ in 0..<40 {
      let spread = Int.random(in: 0...32767, using: &random)
      var logits = SIMD16<Int16>(repeating: 0)
      for i in 0..<16 { logits[i] = Int16(Int.random(in: -spread...spread, using: &random)) }
      for count in [1, 2, 10, 11] {
        let shares = softmax.shares(of: logits, count: count)
        #expect((0..<count).reduce(0) { $0 + shares[$1] } == 65536)
        for i in count..<16 { #expect(shares[i] == 0) }
      }
    }
  }

  @Test(
    "shares are those of a division for each, and what is left goes to the largest remainders",
    arguments: 0..<20)
  func division(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let softmax = Softmax()
    for round in 0..<200 {
      let (spread, count) = ([3, 600, 6000, 32767][round % 4], 1 + round % 11)
      var logits = SIMD16<Int16>(repeating: 0)
      for i in 0..<16 { logits[i] = Int16(Int.random(in: -spread...spread, using: &random)) }
      let top = (0..<count).reduce(Int(logits[0])) { max($0, Int(logits[$1])) }
      let weights = (0..<count).map { softmax.power(top - Int(logits[$0])) << 16 }
      let total = weights.reduce(0, +) >> 16
      let parts = weights.map { $0.quotientAndRemainder(dividingBy: total) }
      let left = 65536 - parts.reduce(0) { $0 + $1.quotient }
      let served = (0..<count).sorted { (-parts[$0].remainder, $0) < (-parts[$1].remainder, $1) }.prefix(left)
      let shares = softmax.shares(of: logits, count: count)
      #expect(
        (0..<count).map { Int(shares[$0]) }
          == (0..<count).map { parts[$0].quotient + (served.contains($0) ? 1 : 0) })
    }
  }

  @Test("a higher logit never gets a lower share")
  func order() {
    var random = SplitMix64(seed: 3)
    let softmax = Softmax()
    for _ in 0..<300 {
      var logits = SIMD16<Int16>(repeating: 0)
      for i in 0..<10 { logits[i] = Int16.random(in: -2000...2000, using: &random) }
      let shares = softmax.shares(of: logits, count: 10)
      for i in 0..<10 { for j in 0..<10 where logits[i] > logits[j] { #expect(shares[i] >= shares[j]) } }
    }
  }

  @Test("the outermost logits leave everything to one")
  func extremes() {
    let softmax = Softmax()
    var logits = SIMD16<Int16>(repeating: -32768)
    logits[4] = 32767
    #expect(softmax.shares(of: logits, count: 10)[4] == 65536)
    let equal = softmax.shares(of: SIMD16(repeating: -32768), count: 10)
    #expect((0..<10).map { equal[$0] } == [6554, 6554, 6554, 6554, 6554, 6554, 6553, 6553, 6553, 6553])
  }

  @Test("a blank canvas reads as no digit, and its probabilities still add up")
  func blank() {
    #expect(Reading.blank.probabilities.reduce(0, +) == 65536)
    #expect(Reading.blank.rejection == 65536)
    #expect(!Reading.blank.isDigit)
    #expect(Reading.blank[10] == 0 && Reading.blank[-1] == 0)
  }
}
