/// Everything that the screens say, by name: `section.key` of the files in Assets/strings.
///
/// A text may hold placeholders such as `{digit}`, and a text that depends on a number has its forms apart by ` | ` (see
/// ``PluralRule``). Sentences are whole, so that each language has its own grammar: nothing is put together from parts.
enum StringKey: String, CaseIterable, Sendable {
  // The invitation of the first screen.
  case attractHeadline = "attract.headline"
  case attractText = "attract.text"
  case attractStart = "attract.start"
  case attractPaused = "attract.paused"
  case attractPausedText = "attract.paused_text"

  // Consent.
  case consentTitle = "consent.title"
  case consentText = "consent.text"
  case askAGrownUp = "consent.ask_a_grown_up"
  case useDrawings = "consent.use_drawings"
  case useDrawingsOn = "consent.use_drawings_on"
  case useDrawingsOff = "consent.use_drawings_off"
  case showName = "consent.show_name"
  case showNameOn = "consent.show_name_on"
  case showNameOff = "consent.show_name_off"
  case yes = "consent.yes"
  case no = "consent.no"
  case start = "consent.start"
  case readAll = "consent.read_all"
  case back = "consent.back"
  case further = "consent.further"
  case consentStored = "consent.what_is_stored"
  case consentName = "consent.where_the_name_is"
  case consentUse = "consent.what_it_is_for"
  case consentWithdraw = "consent.how_to_withdraw"

  // The name.
  case nameTitle = "name.title"
  case nameHint = "name.hint"
  case nameEmpty = "name.empty"
  case nameKnown = "name.known"
  case nameFull = "name.full"
  case nameAnother = "name.another"
  case nameDone = "name.done"
  case welcomeBack = "name.welcome_back"
  case space = "name.space"
  case nicknameFirst = "nickname.first"
  case nicknameSecond = "nickname.second"

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
  case drawAgain = "sheet.draw_again"
  case withdrawn = "sheet.withdrawn"
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
  case everyoneShort = "sheet.everyone_short"
  case notice = "sheet.notice"
  case paused = "sheet.paused"
  case noticeGame = "sheet.notice_game"

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
  case soiledGlass = "staff.soiled_glass"

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
  case operatorNoTouch = "operator.no_touch"
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
  case operatorLosesDrawing = "operator.loses_drawing"
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

  // Withdrawing drawings, by the operator.
  case withdrawOpen = "withdraw.open"
  case withdrawTitle = "withdraw.title"
  case withdrawField = "withdraw.field"
  case withdrawAsk = "withdraw.ask"
  case withdrawWrong = "withdraw.wrong"
  case withdrawFind = "withdraw.find"
  case withdrawFinding = "withdraw.finding"
  case withdrawUnknown = "withdraw.unknown"
  case withdrawSeveral = "withdraw.several"
  case withdrawBefore = "withdraw.before"
  case withdrawFoundNone = "withdraw.found_none"
  case withdrawNamed = "withdraw.named"
  case withdrawUnnamed = "withdraw.unnamed"
  case withdrawDelete = "withdraw.delete"
  case withdrawDeleting = "withdraw.deleting"
  case withdrawDone = "withdraw.done"
  case withdrawDoneNone = "withdraw.done_none"
  case withdrawDoneFar = "withdraw.done_far"
  case withdrawAnother = "withdraw.another"

  /// The section of the file that the key stands in.
  var section: Substring { rawValue.prefix { $0 != "." } }
  /// The key's name within its section.
  var name: Substring { rawValue.drop { $0 != "." }.dropFirst() }

  /// Whether the text depends on a number.
  /// Written without `contains(_: String)`, which would link the regular expressions of the standard library, 2.5 MB.
  var isPlural: Bool { english.components(separatedBy: PluralRule.separator).count > 1 }
}

/// What stands for a value in a text: `{digit}`.
enum Placeholder: String, CaseIterable, Sendable {
  case digit, percent, code, name, count, time

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
