/// Everything that the screens say, by name: `section.key` of the files in Assets/strings.
///
/// A text may hold placeholders such as `{digit}`, and a text that depends on a number has its forms apart by ` | ` (see
/// ``PluralRule``). Sentences are whole, so that each language has its own grammar: nothing is put together from parts.
enum StringKey: String, CaseIterable, Sendable {
  // The invitation of the first screen.
  case attractHeadline = "attract.headline"
  case attractText = "attract.text"
  case attractStart = "attract.start"

  // The sheet: challenge and free play.
  case challenge = "sheet.challenge"
  case freePlay = "sheet.free_play"
  case undo = "sheet.undo"
  case clear = "sheet.clear"
  case submit = "sheet.submit"
  case saving = "sheet.saving"
  case drawA = "sheet.draw_a"
  case drawAn8 = "sheet.draw_an_8"
  case drawFirst = "sheet.draw_first"
  case onlyADot = "sheet.only_a_dot"
  case drawAnything = "sheet.draw_anything"
  case notADigit = "sheet.not_a_digit"
  case saved = "sheet.saved"
  case readA = "sheet.read_a"
  case readAn8 = "sheet.read_an_8"
  case readNone = "sheet.read_none"
  case receipt = "sheet.receipt"
  case yours = "sheet.yours"
  case rank = "sheet.rank"
  case everyone = "sheet.everyone"
  case notice = "sheet.notice"
  case paused = "sheet.paused"

  // Thanks: what a stored drawing was worth.
  case yourRank = "thanks.rank"
  case fullBlock = "thanks.full_block"
  case fullBlocks = "thanks.full_blocks"
  case repeated = "thanks.repeated"
  case tooFast = "thanks.too_fast"
  case uncounted = "thanks.uncounted"

  // The leaderboard.
  case board = "board.title"
  case emptyBoard = "board.empty"
  case anonymous = "board.anonymous"
  case youAre = "board.you_are"

  // The question whether anybody is there.
  case stillThere = "still_there.question"
  case touchToGoOn = "still_there.go_on"
  case wipedOtherwise = "still_there.otherwise"

  // What a visitor tells the staff.
  case callStaff = "staff.call"
  case callStaffWhy = "staff.call_why"
  case noTouch = "staff.no_touch"

  // The operator.
  case operatorTitle = "operator.title"
  case operatorEnterPIN = "operator.enter_pin"
  case operatorChecking = "operator.checking"
  case operatorWrongPIN = "operator.wrong_pin"
  case operatorLocked = "operator.locked"
  case operatorNoPIN = "operator.no_pin"
  case operatorSetPIN = "operator.set_pin"
  case operatorBack = "operator.back"
  case operatorLeave = "operator.leave"
  case operatorDone = "operator.done"
  case operatorHealth = "operator.health"
  case operatorSettings = "operator.settings"
  case operatorTouch = "operator.touch"
  case operatorMachine = "operator.machine"
  case operatorDisplay = "operator.display"
  case operatorStore = "operator.store"
  case operatorDrawings = "operator.drawings"
  case operatorFree = "operator.free"
  case operatorUnsent = "operator.unsent"
  case operatorLastSync = "operator.last_sync"
  case operatorNever = "operator.never"
  case operatorClock = "operator.clock"
  case operatorClockSource = "operator.clock_source"
  case clockUnset = "operator.clock_unset"
  case clockRestored = "operator.clock_restored"
  case clockBattery = "operator.clock_battery"
  case clockNetwork = "operator.clock_network"
  case operatorTouchRate = "operator.touch_rate"
  case operatorInk = "operator.ink"
  case operatorModel = "operator.model"
  case operatorSoftware = "operator.software"
  case operatorLanguage = "operator.language"
  case operatorBrightness = "operator.brightness"
  case operatorNoBacklight = "operator.no_backlight"
  case operatorCollect = "operator.collect"
  case operatorCollectingOn = "operator.collecting_on"
  case operatorCollectingOff = "operator.collecting_off"
  case operatorCalibrate = "operator.calibrate"
  case operatorCalibrateWhy = "operator.calibrate_why"
  case operatorTest = "operator.test"
  case operatorTestWhy = "operator.test_why"
  case operatorWipe = "operator.wipe"
  case operatorWipeWhy = "operator.wipe_why"
  case operatorRestart = "operator.restart"
  case operatorRestartWhy = "operator.restart_why"
  case operatorReboot = "operator.reboot"
  case operatorRebootWhy = "operator.reboot_why"
  case operatorShutDown = "operator.shut_down"
  case operatorShutDownWhy = "operator.shut_down_why"
  case operatorPressAgain = "operator.press_again"
  case operatorRestarting = "operator.restarting"
  case operatorShuttingDown = "operator.shutting_down"

  // Calibration by four taps.
  case calibrationTap = "calibration.tap"
  case calibrationEnds = "calibration.ends"
  case calibrationFlat = "calibration.flat"
  case calibrationUneven = "calibration.uneven"
  case calibrationAgain = "calibration.again"
  case calibrationQuestion = "calibration.question"
  case calibrationKeep = "calibration.keep"
  case calibrationDiscard = "calibration.discard"

  // The time to wipe the glass.
  case wipeTitle = "wipe.title"
  case wipeWords = "wipe.words"

  /// The English that the program brings along, for lines that a file does not have or that are broken.
  var english: String {
    switch self {
    case .attractHeadline: "Draw digits. Teach a computer to read."
    case .attractText: "Two minutes and one finger are enough."
    case .attractStart: "Touch to start"
    case .challenge: "Challenge"
    case .freePlay: "Free play"
    case .undo: "Undo"
    case .clear: "Clear"
    case .submit: "Submit"
    case .saving: "Saving…"
    case .drawA: "Draw a"
    case .drawAn8: "Draw an"
    case .drawFirst: "Draw the digit on the sheet first."
    case .onlyADot: "That is only a dot. Draw the whole digit."
    case .drawAnything: "Draw a digit. I read along."
    case .notADigit: "Not a digit"
    case .saved: "Saved"
    case .readA: "I read a {digit} ({percent}\u{A0}%)."
    case .readAn8: "I read an {digit} ({percent}\u{A0}%)."
    case .readNone: "I could not read it as a digit."
    case .receipt: "Receipt {code}"
    case .yours: "Yours"
    case .rank: "Rank"
    case .everyone: "Everyone"
    case .notice: "What you submit is kept as research data."
    case .paused: "Collecting is paused. Draw for fun in free play!"
    case .yourRank: "You are number {count}."
    case .fullBlock: "All the digits!"
    case .fullBlocks: "All the digits, {count} time! | All the digits, {count} times!"
    case .repeated: "Drawn like this before: it does not count twice."
    case .tooFast: "Very fast! Take your time, then it counts."
    case .uncounted: "It does not count on the board."
    case .board: "Leaderboard"
    case .emptyBoard: "Nobody yet. Be the first!"
    case .anonymous: "Anonymous"
    case .youAre: "You are {name}"
    case .stillThere: "Still there?"
    case .touchToGoOn: "Touch anywhere to go on."
    case .wipedOtherwise: "Otherwise name and drawing are wiped for the next visitor."
    case .callStaff: "Please call staff"
    case .callStaffWhy: "Your drawing is safe here until it can be stored."
    case .noTouch: "No touch screen or mouse is connected."
    case .operatorTitle: "Operator"
    case .operatorEnterPIN: "Enter the PIN"
    case .operatorChecking: "Checking…"
    case .operatorWrongPIN: "That PIN is wrong."
    case .operatorLocked: "Too many wrong PINs. Wait {count} s."
    case .operatorNoPIN: "No PIN is set, so this screen stays closed."
    case .operatorSetPIN:
      """
      On this machine run panelctl pin, put the line that it prints under [operator] in /etc/panel/panel.ini, and \
      restart the panel.
      """
    case .operatorBack: "Back"
    case .operatorLeave: "Leave"
    case .operatorDone: "Done"
    case .operatorHealth: "Health"
    case .operatorSettings: "Settings"
    case .operatorTouch: "Touch"
    case .operatorMachine: "Machine"
    case .operatorDisplay: "Display"
    case .operatorStore: "Store"
    case .operatorDrawings: "{count} drawing | {count} drawings"
    case .operatorFree: "Free space"
    case .operatorUnsent: "Not yet collected"
    case .operatorLastSync: "Last collected"
    case .operatorNever: "never"
    case .operatorClock: "Clock"
    case .operatorClockSource: "Clock set by"
    case .clockUnset: "nobody: the time is wrong"
    case .clockRestored: "hand or last shutdown"
    case .clockBattery: "battery"
    case .clockNetwork: "network"
    case .operatorTouchRate: "Touch reports"
    case .operatorInk: "Ink p50 / p99"
    case .operatorModel: "Model"
    case .operatorSoftware: "Software"
    case .operatorLanguage: "Language"
    case .operatorBrightness: "Brightness"
    case .operatorNoBacklight: "This display has no backlight to set."
    case .operatorCollect: "Collect drawings"
    case .operatorCollectingOn: "What visitors submit is stored."
    case .operatorCollectingOff: "Paused: nothing is stored, visitors draw for fun."
    case .operatorCalibrate: "Calibrate"
    case .operatorCalibrateWhy: "Four taps put touch where the finger is."
    case .operatorTest: "Test touch"
    case .operatorTestWhy: "Lines must follow the fingers."
    case .operatorWipe: "Wipe the glass"
    case .operatorWipeWhy: "Touch does nothing for 30 s."
    case .operatorRestart: "Restart the panel"
    case .operatorRestartWhy: "Only this program starts anew."
    case .operatorReboot: "Restart the machine"
    case .operatorRebootWhy: "The whole machine starts anew."
    case .operatorShutDown: "Shut down"
    case .operatorShutDownWhy: "After that the plug may be pulled."
    case .operatorPressAgain: "Press again"
    case .operatorRestarting: "It starts anew…"
    case .operatorShuttingDown: "It shuts down…"
    case .calibrationTap: "Touch the middle of the cross."
    case .calibrationEnds: "Without a touch this ends in {count} s."
    case .calibrationFlat: "The taps lie on a line: touch did not feel the crosses."
    case .calibrationUneven: "One tap was beside its cross."
    case .calibrationAgain: "Touch anywhere to try again."
    case .calibrationQuestion: "Do lines follow the finger, also to the crosses?"
    case .calibrationKeep: "Keep"
    case .calibrationDiscard: "Discard"
    case .wipeTitle: "Wipe the glass now"
    case .wipeWords: "Touch does nothing until the time is over."
    }
  }

  /// The section of the file that the key stands in.
  var section: Substring { rawValue.prefix { $0 != "." } }
  /// The key's name within its section.
  var name: Substring { rawValue.drop { $0 != "." }.dropFirst() }

  /// Whether the text depends on a number.
  var isPlural: Bool { english.contains(PluralRule.separator) }
}

/// What stands for a value in a text: `{digit}`.
enum Placeholder: String, CaseIterable, Sendable {
  case digit, percent, code, name, count

  /// The names in braces that a text holds, each once.
  static func names(in text: some StringProtocol) -> Set<String> {
    var names = Set<String>()
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      rest = rest[rest.index(after: open)...]
      guard let close = rest.firstIndex(of: "}") else { break }
      names.insert(String(rest[..<close]))
      rest = rest[rest.index(after: close)...]
    }
    return names
  }
}
