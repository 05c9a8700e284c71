import Display
import Glibc
import Kernel
import PNG
import Settings
import Testing

@testable import Panel

@Suite("Gallery of the operator")
struct OperatorGallery {
  @Test(
    "the operator's screens as PNG files in the directory that PANEL_GALLERY names",
    .enabled(if: getenv("PANEL_GALLERY") != nil, "PANEL_GALLERY names no directory"))
  func pictures() throws {
    guard let directory = getenv("PANEL_GALLERY").map({ String(cString: $0) }) else { return }
    mkdir(directory, 0o755)
    let letters = Lettering(
      regular: try Typeface(inter: .regular), strong: try Typeface(inter: .semiBold))
    let view = BoothView(theme: .dark, letters: letters, title: "Digit Panel")
    let shipped = try StringsTests.languages()
    for (width, height) in LayoutTests.sizes {
      // Words are longest in their boxes on the small panels; the other sizes are looked at in one language.
      for tag in width < 1000 && height < 1000 ? StringsTests.tags : ["en"] {
        let languages = Languages(offered: StringsTests.tags, initial: tag) {
          name, limit throws(KernelError) in
          try contentsOfFile(try AssetSearch().find(name), limit: limit)
        }
        try draw(
          OperatorVisit(width: width, height: height, languages: languages), view, "\(directory)/\(tag)")
      }
    }
    #expect(shipped.all.count == StringsTests.tags.count)
  }

  private func draw(_ visit: OperatorVisit, _ view: BoothView, _ prefix: String) throws {
    var visit = visit
    func save(_ name: String) throws {
      let bounds = visit.layout.bounds
      var surface = Surface(width: bounds.width, height: bounds.height)
      _ = view.draw(.everything, of: visit.booth, on: &surface)
      let bytes = try PNG.encode(xrgb: surface.pixels, width: surface.width, height: surface.height)
      let path = "\(prefix)-operator-\(name)-\(bounds.width)x\(bounds.height).png"
      let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
      try file.writeAll(bytes, to: path)
    }
    var unset = visit
    unset.visitor.booth.desk.hasPIN = false
    unset.holdCorners()
    swap(&unset, &visit)
    try save("no-pin")
    swap(&unset, &visit)
    visit.holdCorners()
    for digit in [4, 7, 1] { visit.tap(.digit(digit)) }
    try save("pin")
    visit.tap(.digit(0))
    visit.type("")
    for _ in 0..<2 { visit.type("9999") }
    try save("pin-locked")
    visit.wait(seconds: 12)
    visit.holdCorners()
    visit.wait(seconds: 17)
    visit.type(OperatorVisit.pin)
    for page in OperatorScreen.Page.allCases {
      visit.tap(.page(page))
      if page == .machine {
        visit.tap(.shutDown)
        _ = visit.visitor.booth.operatorFailed(
          "cannot shut the machine down: Interactive authentication required.; let the panel's user do it by a rule of polkit, or pull the plug: what is saved stays saved"
        )
      }
      try save("\(page)")
    }
    visit.tap(.test)
    try draw(&visit)
    try save("test")
    visit.tap(.done)
    visit.tap(.wipe)
    visit.wait(seconds: 8)
    try save("wipe")
    visit.wait(seconds: 23)
    visit.tap(.calibrate)
    tapCross(&visit, 0)
    tapCross(&visit, 1)
    try save("calibration")
    tapCross(&visit, 2)
    tapCross(&visit, 2)
    try save("calibration-refused")
    tapCross(&visit, 0)
    for step in 0..<4 { tapCross(&visit, step) }
    try draw(&visit)
    visit.wait(seconds: 4)
    try save("calibration-trial")
  }

  private func tapCross(_ visit: inout OperatorVisit, _ step: Int) {
    let cross = CalibrationScreen.cross(step, in: visit.layout.bounds)
    visit.send(.down, cross.x, cross.y, contact: 40, after: 300)
    visit.send(.up, cross.x, cross.y, contact: 40)
  }

  /// Two fingers draw waves along the upper edge.
  private func draw(_ visit: inout OperatorVisit) throws {
    let bounds = visit.layout.bounds
    for (contact, y) in [(Int32(7), 6), (8, 80)] {
      for step in 0...40 {
        let x = Float(bounds.width) / 8 + Float(bounds.width * step) * 3 / 160
        let dy = sinf(Float(step) / 3) * Float(bounds.height) / 20
        visit.send(
          step == 0 ? .down : .move, x,
          Float(bounds.height * (contact == 7 ? 1 : 7)) / 8 + dy + Float(y - 6) / 8,
          contact: contact)
      }
    }
    visit.send(.up, 1, 1, contact: 7)
    visit.send(.up, 1, 1, contact: 8)
  }
}
