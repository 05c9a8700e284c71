import Display
import Glibc
import Testing

@testable import Panel

@Suite("Gallery of the way in")
struct EntranceGallery {
  @Test(
    "consent and name at every size and in every language, in the directory that PANEL_GALLERY names",
    .enabled(if: getenv("PANEL_GALLERY") != nil, "PANEL_GALLERY names no directory"))
  func pictures() throws {
    guard let directory = getenv("PANEL_GALLERY").map({ String(cString: $0) }) else { return }
    mkdir(directory, 0o755)
    let view = BoothView(theme: .dark, letters: try Letters.inter(), title: "Digit Panel")
    for (width, height) in LayoutTests.sizes {
      for (i, language) in StringsTests.tags.enumerated() {
        var guest = try Guest(width: width, height: height, board: ["Zoë", "Max"])
        _ = guest.booth.speak(i)
        func save(_ name: String) throws {
          let path = "\(directory)/\(name)-\(language)-\(width)x\(height).png"
          try Letters.save(Letters.picture(guest.booth, view), path)
        }
        try save("consent")
        guest.press(.useDrawings)
        guest.press(.readAll)
        try save("consent-text")
        guest.press(.back)
        guest.press(.showName)
        try save("consent-yes")
        guest.press(.start)
        try save("name")
        guest.type(language == "uk" ? "Їжак" : "Zoe")
        guest.press(.accent)
        guest.press(.accent)
        guest.press(.accent)
        try save("name-typed")
      }
    }
  }
}
