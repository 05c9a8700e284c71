import Display

/// Icons at the sizes that are in use, drawn once each. It belongs to the thread that draws.
final class IconMasks {
  private struct Key: Hashable {
    var icon: Icon
    var size: Int
    var isBold: Bool
  }

  private var masks: [Key: Figure.Mask] = [:]

  /// The icon at a size in pixels; its lines are as heavy as letters of that size beside it.
  func mask(_ icon: Icon, size: Int, isBold: Bool) -> Figure.Mask {
    let key = Key(icon: icon, size: size, isBold: isBold)
    if let known = masks[key] { return known }
    let thickness = max(1.5, Float(size) * (isBold ? 0.115 : 0.09))
    let mask = icon.figure.mask(size: size, thickness: thickness)
    masks[key] = mask
    return mask
  }
}
