/// Whether the picture is seen.
public enum ScreenState: Equatable, Sendable {
  /// The display shows the surface.
  case lit
  /// There is no display now: none is connected, or its card is gone. It is taken as soon as it comes.
  case dark(reason: String)
  /// The display is there, but another program has it. It is taken back when that lets go.
  case suspended(reason: String)
}

/// What ``Screen/handleEvents()`` found.
public enum ScreenChange: Equatable, Sendable {
  /// The display shows the surface again; nothing need be drawn.
  case lit
  /// A display of another size: the surface is new, black, and of that size. Lay out anew, and flip.
  case resized
  /// The display is dark or suspended. The surface stays, and may go on changing.
  case lost(reason: String)
}
