import Glibc
import Ink
import Kernel
import Randomness
import Testing

@testable import Settings

@Suite("The configuration file")
struct SettingsFileTests {
  private func read(_ text: String) -> SettingsFile {
    SettingsFile(path: "/etc/panel/panel.ini", bytes: Array(text.utf8))
  }

  @Test("an empty file gives the defaults and no findings")
  func empty() {
    let file = read("")
    #expect(file.settings == Settings())
    #expect(file.findings.isEmpty)
  }

  @Test("every key reaches its own setting")
  func everyKey() {
    let file = read(
      """
      [panel]
      name = Science Fair; hall 3
      [languages]
      offered = fr, en
      first = fr
      [consent]
      ask = no
      text = /etc/panel/consent-{language}.txt
      [display]
      display = drm:HDMI-A-1
      mode = 1280x800@60
      rotate = 270
      canvas_scale = 2
      [touch]
      device = replay:/tmp/visitor.evemu
      matrix = 0 -1 1, 1 0 0
      [store]
      spool = /srv/drawings
      [drawing]
      brush = 14.5
      [challenge]
      submit_lock_ms = 0
      digits = 9 1 7
      targets = 500
      [score]
      per_minute = 12
      least_ms = 300
      [visit]
      idle_s = 60
      countdown_s = 15
      """)
    var expected = Settings()
    expected.panelName = "Science Fair; hall 3"
    expected.languages = ["fr", "en"]
    expected.language = "fr"
    expected.asksConsent = false
    expected.consentText = "/etc/panel/consent-{language}.txt"
    expected.display = "drm:HDMI-A-1"
    expected.mode = "1280x800@60"
    expected.rotation = .clockwise270
    expected.canvasScale = 2
    expected.touch = "replay:/tmp/visitor.evemu"
    expected.touchMatrix = [0, -1, 1, 1, 0, 0]
    expected.spool = "/srv/drawings"
    expected.brush = 14.5
    expected.submitLock = 0
    expected.digits = [1, 7, 9]
    expected.targets = [Int](repeating: 500, count: 10)
    expected.perMinute = 12
    expected.leastDuration = 300
    expected.idle = 60
    expected.countdown = 15
    #expect(file.settings == expected)
    #expect(file.findings == [])
  }

  @Test("every default text stands for the default")
  func defaultTexts() {
    for key in SettingsKey.all {
      var settings = Settings()
      #expect(key.apply(key.defaultText, &settings), "\(key.name)")
      #expect(settings == Settings(), "\(key.name)")
    }
  }

  @Test("an unknown key is named with its line and the key it resembles")
  func unknownKey() {
    let file = read("# a booth\n\n[display]\nratation = 90\n")
    #expect(
      file.findings.map(\.description)
        == ["panel.ini line 4: unknown key 'ratation' in [display]; did you mean 'rotate'?"])
    #expect(file.settings == Settings())
  }

  @Test("a key that resembles none gets no guess")
  func unlikeAnything() {
    #expect(
      read("[drawing]\nxylophone = 1").findings.map(\.sentence) == ["unknown key 'xylophone' in [drawing]"])
  }

  @Test("an unknown section is named once, and its keys are not")
  func unknownSection() {
    let file = read("[dislpay]\nrotate = 90\nmode = auto\n[touch]\ndevice = auto\n")
    #expect(
      file.findings.map(\.description) == [
        "panel.ini line 1: unknown section [dislpay]; did you mean [display]?"
      ])
    #expect(file.settings == Settings())
  }

  @Test("a key in the wrong section is told where it belongs")
  func misplaced() {
    #expect(
      read("[touch]\nrotate = 90").findings.map(\.sentence) == [
        "'rotate' stands in [touch]; it belongs in [display]"
      ])
    #expect(
      read("rotate = 90").findings.map(\.sentence) == [
        "'rotate' stands before the first section; it belongs in [display]"
      ])
  }

  @Test(
    "a wrong value leaves the default and says what is allowed",
    arguments: [
      ("[panel]\nname =", "''"), ("[panel]\nname = \(String(repeating: "x", count: 41))", "name"),
      ("[display]\ndisplay = hdmi", "'hdmi'"), ("[display]\ndisplay = drm:", "'drm:'"),
      ("[display]\ndisplay = headless", "headless:WxH"), ("[display]\ndisplay = headless:0x10", "0x10"),
      ("[display]\ndisplay = auto:1", "auto"), ("[display]\nmode = 1280", "WxH@HZ"),
      ("[display]\nmode = 1280x800@", "WxH@HZ"), ("[display]\nmode = 1280x800@nan", "nan"),
      ("[display]\nmode = 1280x800@59.9", "WxH@HZ"),
      ("[display]\nmode = +1280x800", "WxH@HZ"),
      ("[display]\nrotate = 45", "0, 90, 180 or 270; 0 is used"), ("[display]\nrotate = 90 degrees", "270"),
      ("[display]\ncanvas_scale = 4", "auto, 1, 2 or 3; auto is used"),
      ("[touch]\ndevice = replay:", "replay:FILE"),
      ("[touch]\ndevice = event3", "path"), ("[touch]\ndevice =", "path"),
      ("[touch]\nmatrix = 1 0 0 0 1", "six numbers"), ("[touch]\nmatrix = 1 0 0 0 1 x", "six numbers"),
      ("[touch]\nmatrix = 1 1 0 1 1 0", "inverted"), ("[touch]\nmatrix = 1 0 inf 0 1 0", "six numbers"),
      ("[touch]\nmatrix = nan 0 0 0 1 0", "six numbers"), ("[store]\nspool = drawings", "absolute"),
      ("[drawing]\nbrush = 3.9", "4 to 60; 20 is used"), ("[drawing]\nbrush = nan", "4 to 60"),
      ("[challenge]\nsubmit_lock_ms = -1", "0 to 10000; 600 is used"),
      ("[challenge]\nsubmit_lock_ms = 99999999999999999999", "0 to 10000"),
    ])
  func wrongValue(text: String, part: String) {
    let file = read(text)
    #expect(file.settings == Settings())
    #expect(file.findings.count == 1)
    #expect(file.findings.first?.line == 2)
    #expect(file.findings.first?.sentence.contains(part) == true, "\(file.findings)")
  }

  @Test("a key given twice: the last one holds, and both lines are named")
  func twice() {
    let file = read("[display]\nrotate = 90\nrotate = 180\n")
    #expect(file.settings.rotation == .half)
    #expect(
      file.findings.map(\.description) == [
        "panel.ini line 3: 'rotate' was set in line 2 already; this one holds"
      ])
    let wrong = read("[display]\nrotate = 90\nrotate = 1\n")
    #expect(wrong.settings.rotation == .none)
    #expect(wrong.findings.count == 2)
  }

  @Test("a line that is neither section nor key is named, and the others go on")
  func noKey() {
    let file = read("[display]\nrotate\nrotate = 90\n[touch\ndevice = auto\n")
    #expect(file.settings.rotation == .clockwise90)
    #expect(
      file.findings.map(\.description) == [
        "panel.ini line 2: is neither [section] nor key = value",
        "panel.ini line 4: begins a section but has no ]",
        "panel.ini line 5: 'device' stands in [display]; it belongs in [touch]",
      ])
  }

  @Test("the last line counts though it has no line feed, and a bad one is told")
  func lastLine() {
    #expect(read("[display]\nrotate = 90").settings.rotation == .clockwise90)
    #expect(read("[display]\nrotate").findings.map(\.line) == [2])
  }

  @Test("indented lines, carriage returns and a byte order mark do not matter")
  func layout() {
    let file = read("\u{FEFF}[display]\r\n  rotate = 90\r\n\tmode = 640x480\r\n\r\n")
    #expect(file.settings.rotation == .clockwise90)
    #expect(file.settings.mode == "640x480")
    #expect(file.findings == [])
  }

  @Test("a long line is named and is not taken for two")
  func longLine() {
    let file = read(
      "[panel]\nname = \(String(repeating: "a", count: 5000)) rotate = 90\n[display]\nrotate = 180\n")
    #expect(file.settings.rotation == .half)
    #expect(file.settings.panelName == "Digit Panel")
    #expect(file.findings.map(\.line) == [2])
    #expect(file.findings.first?.sentence.hasPrefix("is longer than") == true)
  }

  @Test("bytes that are not text are named by line")
  func notText() {
    let bytes: [UInt8] =
      Array("[panel]\nname = a".utf8) + [0] + Array("b\nname = ".utf8) + [0xFF, 0xFE, 0x0A]
    let file = SettingsFile(path: "panel.ini", bytes: bytes)
    #expect(file.settings == Settings())
    #expect(file.findings.map(\.description).allSatisfy { $0.hasSuffix("is not text in UTF-8") })
    #expect(file.findings.map(\.line) == [2, 3])
  }

  @Test("ten thousand random files end in settings that are allowed")
  func randomFiles() {
    var generator = SplitMix64(seed: 7)
    let words = [
      "[", "]", "=", ":", ";", "#", "\n", " ", "\t", "\r", "\0", "display", "rotate", "90", "é", "name",
      "[panel]", "\n",
    ]
    for _ in 0..<10_000 {
      let text = (0..<Int.random(in: 0..<60, using: &generator))
        .map { _ in words.randomElement(using: &generator) ?? "" }.joined()
      let lines = text.utf8.count { $0 == 10 } + 1
      let file = read(text)
      #expect((1...40).contains(file.settings.panelName.count))
      #expect(file.findings.allSatisfy { (1...lines).contains($0.line) }, "\(Array(text.utf8))")
    }
  }

  @Test("a file named by --config that is not there is an error with the next step")
  func missingOption() {
    let error = #expect(throws: KernelError.self) { try SettingsFile.load(option: "/nowhere/panel.ini") }
    #expect(
      error?.description
        == "cannot open /nowhere/panel.ini: no such file or directory; name a readable file with --config")
  }

  @Test("no installed file means the defaults, a directory in its place a finding")
  func installed() throws {
    let none = try SettingsFile.load(option: nil, installed: "/nowhere/panel.ini")
    #expect(none.path == nil)
    #expect(none.findings == [])
    let directory = try SettingsFile.load(option: nil, installed: "/usr")
    #expect(directory.settings == Settings())
    #expect(
      directory.findings.map(\.description) == [
        "usr: cannot read /usr: is a directory; the defaults are used"
      ])
  }
}
