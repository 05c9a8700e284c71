/// One layer of the network: a convolution in integers, with its own scale for every output channel.
///
/// Activations lie by row, column, channel, 0 ... 127. An output is the sum of products and a bias in 32 bits; shifted
/// right by `shift` (the half that rounds it is in the bias) and saturated to 16 bits; times the channel's 16-bit
/// multiplier, plus 2^14, shifted right by 15. All but the last layer clamp that to 0 ... 127; the last one's results
/// are the logits. The two steps are `pmulhrsw` and `sqrdmulh`, so every processor does them in one instruction and gives the
/// same bits (compare Jacob et al. 2018, section 2.2, whose one step needs 64 bits).
struct Convolution: Equatable {
  /// Channels of the input: 1, or a multiple of 16.
  let inputs: Int
  /// Channels of the output as stored: a multiple of 16; those past the model's own have weight 0.
  let outputs: Int
  let kernel: Int
  let stride: Int
  /// Blank pixels around the input.
  let padding: Int
  /// Width and height of the input, without the padding.
  let inputSide: Int
  let shift: Int
  /// `outputs` x kernel rows x kernel columns x `inputs`.
  let weights: [Int8]
  let biases: [Int32]
  let multipliers: [Int16]
  /// Whether its results are logits.
  let isLast: Bool

  /// Width and height of the input with its padding.
  var paddedSide: Int { inputSide + 2 * padding }
  var outputSide: Int { (paddedSide - kernel) / stride + 1 }
  /// Multiplications of one pass.
  var cost: Int { outputSide * outputSide * outputs * kernel * kernel * inputs }

  /// The specified way from a sum to a 16-bit result.
  @inline(__always)
  func requantised(_ sum: Int32, channel: Int) -> Int16 {
    let shifted = sum >> Int32(truncatingIfNeeded: shift)
    let saturated = max(-32768, min(32767, shifted))
    // 32767 * 32767 + 2^14 fits 32 bits, and the result fits 16: multipliers are never negative.
    return Int16(truncatingIfNeeded: (saturated &* Int32(multipliers[channel]) &+ 16384) >> 15)
  }
}
