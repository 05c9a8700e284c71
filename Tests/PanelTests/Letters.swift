import Display
import Glibc
import Ink
import Kernel
import PNG

@testable import Panel

/// The letters of the screens, and pictures drawn with them.
enum Letters {
  static func inter() throws -> Lettering {
    Lettering(regular: try Typeface(inter: .regular), strong: try Typeface(inter: .semiBold))
  }

  /// What the panel shows.
  static func picture(_ booth: Booth, _ view: BoothView) -> Surface {
    var surface = Surface(width: booth.layout.bounds.width, height: booth.layout.bounds.height)
    _ = view.draw(.everything, of: booth, on: &surface)
    return surface
  }

  static func save(_ surface: Surface, _ path: String) throws {
    let bytes = try PNG.encode(xrgb: surface.pixels, width: surface.width, height: surface.height)
    let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(bytes, to: path)
  }
}
