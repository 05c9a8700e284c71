import Ink

/// One key of the configuration file: what it is called, what it may say, and what it is for.
public struct SettingsKey: Sendable {
  public let section: String
  public let name: String
  /// The value that stands for the default.
  public let defaultText: String
  /// The allowed values, as they end the sentence "it must be …".
  public let allowed: String
  /// What the key is for, in one line.
  public let explanation: String
  /// Whether a wrong value may not be repeated where it is reported: it could be what it must not be, the PIN itself.
  var isSecret = false
  /// Puts a value into the settings; false when it is not allowed, and the settings are left as they were.
  let apply: @Sendable (_ value: String, _ settings: inout Settings) -> Bool

  /// Every key there is, in the order of the documented file.
  public static let all: [SettingsKey] = [
    SettingsKey(
      section: "panel", name: "name", defaultText: "Digit Panel", allowed: "1 to 40 characters",
      explanation: "The name of the booth or of the event, as visitors read it."
    ) { value, settings in
      guard (1...40).contains(value.count) else { return false }
      settings.panelName = value
      return true
    },

    SettingsKey(
      section: "languages", name: "offered", defaultText: "en de es fr uk",
      allowed: "1 to 8 names of files in Assets/strings, apart by spaces",
      explanation: "The languages that a visitor can choose: de is the file Assets/strings/de.ini."
    ) { value, settings in
      let tags = value.split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
      guard (1...8).contains(tags.count), tags.allSatisfy(isLanguageTag) else { return false }
      settings.languages = tags
      return true
    },
    SettingsKey(
      section: "languages", name: "first", defaultText: "en", allowed: "one of the languages offered",
      explanation: "The language that a visit begins with."
    ) { value, settings in
      guard isLanguageTag(value) else { return false }
      settings.language = value
      return true
    },

    SettingsKey(
      section: "consent", name: "ask", defaultText: "yes", allowed: "yes or no",
      explanation: "Whether visitors are asked on the screen; no where consent is taken on paper beforehand."
    ) { value, settings in
      guard value == "yes" || value == "no" else { return false }
      settings.asksConsent = value == "yes"
      return true
    },
    SettingsKey(
      section: "consent", name: "text", defaultText: "auto",
      allowed: "auto or an absolute path, in which {language} stands for the language (en, de …)",
      explanation:
        "A file with the consent text; its first line may be 'version: NAME', its first paragraph is short."
    ) { value, settings in
      guard value == "auto" || value.hasPrefix("/") else { return false }
      settings.consentText = value == "auto" ? nil : value
      return true
    },

    SettingsKey(
      section: "display", name: "display", defaultText: "auto",
      allowed: "auto, drm, drm:CONNECTOR, fbdev, fbdev:DEVICE or headless:WxH (64x64 to 8192x8192)",
      explanation: "Where the picture goes, such as drm:HDMI-A-1 or fbdev:/dev/fb1."
    ) { value, settings in
      guard isDisplay(value) else { return false }
      settings.display = value
      return true
    },
    SettingsKey(
      section: "display", name: "mode", defaultText: "auto", allowed: "auto, WxH or WxH@HZ",
      explanation: "The display mode, such as 1280x800 or 1280x800@60; auto takes what the display prefers."
    ) { value, settings in
      guard value == "auto" || isMode(value) else { return false }
      settings.mode = value == "auto" ? nil : value
      return true
    },
    SettingsKey(
      section: "display", name: "rotate", defaultText: "0", allowed: "0, 90, 180 or 270",
      explanation: "How far the picture is turned clockwise, in degrees; touch turns with it."
    ) { value, settings in
      guard let degrees = Int(value), let rotation = Rotation(rawValue: degrees) else { return false }
      settings.rotation = rotation
      return true
    },
    SettingsKey(
      section: "display", name: "canvas_scale", defaultText: "auto", allowed: "auto, 1, 2 or 3",
      explanation: "Panel pixels per canvas pixel: 2 and 3 draw the canvas larger on a dense screen."
    ) { value, settings in
      if value == "auto" {
        settings.canvasScale = nil
        return true
      }
      guard let scale = Int(value), (1...3).contains(scale) else { return false }
      settings.canvasScale = scale
      return true
    },
    SettingsKey(
      section: "display", name: "brightness", defaultText: "auto",
      allowed: "auto or a whole number from 5 to 100",
      explanation: "The backlight in percent, where the display has one; auto leaves it as the system has it."
    ) { value, settings in
      if value == "auto" {
        settings.brightness = nil
        return true
      }
      guard let percent = Int(value), (5...100).contains(percent) else { return false }
      settings.brightness = percent
      return true
    },

    SettingsKey(
      section: "look", name: "theme", defaultText: "dark", allowed: "dark or light",
      explanation: "Dark grounds with light text, or light grounds with dark text."
    ) { value, settings in
      guard let isTheme = choice(value, "dark", "light") else { return false }
      settings.isLight = isTheme
      return true
    },
    SettingsKey(
      section: "look", name: "contrast", defaultText: "normal", allowed: "normal or high",
      explanation: "High contrast has stronger colours, and a line around all that can be pressed."
    ) { value, settings in
      guard let isContrast = choice(value, "normal", "high") else { return false }
      settings.isHighContrast = isContrast
      return true
    },
    SettingsKey(
      section: "look", name: "transitions", defaultText: "on", allowed: "on or off",
      explanation: "Whether pictures may move; off lets the first screen stand still, and the panel asleep."
    ) { value, settings in
      guard let isTransitions = choice(value, "on", "off") else { return false }
      settings.hasTransitions = !isTransitions
      return true
    },
    SettingsKey(
      section: "look", name: "hand", defaultText: "right", allowed: "right or left",
      explanation: "The hand that most visitors draw with: left puts Submit and the board at the left."
    ) { value, settings in
      guard let isHand = choice(value, "right", "left") else { return false }
      settings.isLeftHanded = isHand
      return true
    },

    SettingsKey(
      section: "touch", name: "device", defaultText: "auto",
      allowed: "auto, the path of a device such as /dev/input/event3, or replay:FILE",
      explanation: "The touch device; auto takes every one that can touch."
    ) { value, settings in
      guard value == "auto" || value.hasPrefix("replay:") ? value != "replay:" : value.contains("/") else {
        return false
      }
      settings.touch = value
      return true
    },
    SettingsKey(
      section: "touch", name: "matrix", defaultText: "1 0 0 0 1 0",
      allowed: "six numbers a b c d e f that can be inverted (a e is not b d)",
      explanation: "How the digitizer is mounted on the glass, as libinput's calibration matrix."
    ) { value, settings in
      guard let matrix = matrix(value) else { return false }
      settings.touchMatrix = matrix
      return true
    },

    SettingsKey(
      section: "store", name: "spool", defaultText: "auto", allowed: "auto or an absolute path",
      explanation:
        "The directory of the store; auto is /var/lib/panel for the service, ~/.local/share/panel for a person."
    ) { value, settings in
      guard value == "auto" || value.hasPrefix("/") else { return false }
      settings.spool = value == "auto" ? nil : value
      return true
    },

    SettingsKey(
      section: "drawing", name: "brush", defaultText: "20", allowed: "a number from 4 to 60",
      explanation: "The width of the line in canvas pixels; the canvas has 280."
    ) { value, settings in
      guard let width = Float(value), (4...60).contains(width) else { return false }
      settings.brush = width
      return true
    },

    SettingsKey(
      section: "challenge", name: "submit_lock_ms", defaultText: "600",
      allowed: "a whole number from 0 to 10000",
      explanation: "How long Submit rests after it was pressed, so that a double tap stores one drawing."
    ) { value, settings in
      guard let milliseconds = Int(value), (0...10_000).contains(milliseconds) else { return false }
      settings.submitLock = milliseconds
      return true
    },
    SettingsKey(
      section: "challenge", name: "collecting", defaultText: "yes", allowed: "yes or no",
      explanation: "Whether drawings are stored; with no, visitors can draw and see what is read."
    ) { value, settings in
      guard value == "yes" || value == "no" else { return false }
      settings.collecting = value == "yes"
      return true
    },
    SettingsKey(
      section: "challenge", name: "digits", defaultText: "0 1 2 3 4 5 6 7 8 9",
      allowed: "some of the digits 0 to 9, each once, apart by spaces",
      explanation: "The digits that visitors are asked for."
    ) { value, settings in
      let words = value.split { $0 == " " || $0 == "," || $0 == "\t" }
      let digits = words.compactMap { number($0) }.filter { (0...9).contains($0) }
      guard !digits.isEmpty, digits.count == words.count, Set(digits).count == digits.count else {
        return false
      }
      settings.digits = digits.sorted()
      return true
    },
    SettingsKey(
      section: "challenge", name: "targets", defaultText: "0",
      allowed: "a whole number from 0 to 1000000, or ten of them for the digits 0 to 9",
      explanation:
        "How many drawings of each digit are wanted: then it rests until all are complete; 0 has no end."
    ) { value, settings in
      let words = value.split { $0 == " " || $0 == "," || $0 == "\t" }
      let targets = words.compactMap { number($0) }.filter { (0...1_000_000).contains($0) }
      guard targets.count == words.count, targets.count == 1 || targets.count == 10 else { return false }
      settings.targets = targets.count == 1 ? [Int](repeating: targets[0], count: 10) : targets
      return true
    },

    SettingsKey(
      section: "score", name: "per_minute", defaultText: "30", allowed: "a whole number from 1 to 600",
      explanation: "How many drawings of one visitor score within a minute; all are stored."
    ) { value, settings in
      guard let count = Int(value), (1...600).contains(count) else { return false }
      settings.perMinute = count
      return true
    },
    SettingsKey(
      section: "score", name: "least_ms", defaultText: "80", allowed: "a whole number from 0 to 5000",
      explanation: "What was drawn in less time than this does not score; it is stored."
    ) { value, settings in
      guard let milliseconds = Int(value), (0...5000).contains(milliseconds) else { return false }
      settings.leastDuration = milliseconds
      return true
    },

    SettingsKey(
      section: "visit", name: "idle_s", defaultText: "30", allowed: "a whole number from 5 to 3600",
      explanation: "After this many seconds without a touch the panel asks whether anybody is still there."
    ) { value, settings in
      guard let seconds = Int(value), (5...3600).contains(seconds) else { return false }
      settings.idle = seconds
      return true
    },
    SettingsKey(
      section: "visit", name: "countdown_s", defaultText: "10", allowed: "a whole number from 3 to 60",
      explanation: "How many seconds the question counts down before name and drawing are wiped."
    ) { value, settings in
      guard let seconds = Int(value), (3...60).contains(seconds) else { return false }
      settings.countdown = seconds
      return true
    },

    SettingsKey(
      section: "operator", name: "pin", defaultText: "none",
      allowed: "none or a line that panelctl pin has printed (a slow hash of crypt(5), never the PIN itself)",
      explanation: "The hash of the operator's PIN; with none the operator screen stays closed.",
      isSecret: true
    ) { value, settings in
      if value == "none" {
        settings.pin = nil
        return true
      }
      guard let hash = PINHash(value) else { return false }
      settings.pin = hash
      return true
    },
  ]

  /// The sections, in the order of the documented file.
  public static let sections: [String] = all.reduce(into: []) { sections, key in
    if sections.last != key.section { sections.append(key.section) }
  }
}

/// `auto`, `drm`, `drm:NAME`, `fbdev`, `fbdev:NAME` or `headless:WxH`.
private func isDisplay(_ text: String) -> Bool {
  let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
  let argument = parts.count == 2 ? parts[1] : nil
  switch parts[0] {
  case "auto": return argument == nil
  case "drm", "fbdev": return argument != ""
  case "headless": return argument.map(isSize) ?? false
  default: return false
  }
}

/// Whether a value is the second of two words; nil when it is neither.
private func choice(_ value: String, _ first: String, _ second: String) -> Bool? {
  value == second ? true : value == first ? false : nil
}

/// `WxH`, each 64 ... 8192, as the display room reads it.
private func isSize(_ text: Substring) -> Bool {
  let parts = text.split(separator: "x", omittingEmptySubsequences: false)
  return parts.count == 2 && parts.allSatisfy { number($0).map { (64...8192).contains($0) } ?? false }
}

/// `WxH` or `WxH@HZ`.
private func isMode(_ text: String) -> Bool {
  let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
  guard isSize(parts[0]) else { return false }
  return parts.count == 1 || number(parts[1]).map { (1...1000).contains($0) } ?? false
}

/// Letters, digits and hyphens, as a BCP 47 tag has them; at most 35, and so no path.
private func isLanguageTag(_ text: String) -> Bool {
  (2...35).contains(text.utf8.count)
    && text.utf8.allSatisfy {
      (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D
    }
}

/// Digits only: no sign, no space.
private func number(_ text: Substring) -> Int? {
  text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(text) : nil
}

extension SettingsKey {
  /// Six finite numbers, apart by spaces or commas, that map the digitizer onto an area and not onto a line.
  static func matrix(_ text: String) -> [Float]? {
    let words = text.split { $0 == " " || $0 == "," || $0 == "\t" }
    let numbers = words.compactMap { Float($0) }.filter(\.isFinite)
    guard words.count == 6, numbers.count == 6 else { return nil }
    let determinant = numbers[0] * numbers[4] - numbers[1] * numbers[3]
    return determinant.isFinite && determinant.magnitude > 1e-6 ? numbers : nil
  }
}
