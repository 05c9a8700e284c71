import CSIMD

/// The ways to compute a layer, and to look at a picture's pixels before it. All give the same bits; they differ in speed alone.
public enum KernelSet: String, CaseIterable, Sendable {
  /// Plain Swift, on every processor.
  case reference
  /// x86-64 baseline.
  case sse2
  case avx2
  /// AVX-VNNI: `vpdpbusd` without AVX-512.
  case avxvnni
  /// AVX-512 VNNI.
  case vnni
  /// aarch64 baseline.
  case neon
  /// aarch64 with the dot-product extension.
  case dotProduct

  /// Whether this processor, and this build, can run it.
  public var isAvailable: Bool {
    #if arch(x86_64)
      switch self {
      case .reference, .sse2: true
      case .avx2: csimd_has_avx2() != 0
      case .avxvnni: csimd_has_avxvnni() != 0
      case .vnni: csimd_has_vnni() != 0
      case .neon, .dotProduct: false
      }
    #elseif arch(arm64)
      switch self {
      case .reference, .neon: true
      case .dotProduct: csimd_has_dot_product() != 0
      case .sse2, .avx2, .avxvnni, .vnni: false
      }
    #else
      self == .reference
    #endif
  }

  /// What this processor can run, slowest first.
  public static var available: [KernelSet] { allCases.filter { $0.isAvailable } }

  /// The fastest of them.
  public static var best: KernelSet { available.last ?? .reference }
}
