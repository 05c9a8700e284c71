/// What the screens say, in English.
enum Strings {
  static let challenge = "Challenge"
  static let freePlay = "Free play"
  static let undo = "Undo"
  static let clear = "Clear"
  static let submit = "Submit"
  static let saving = "Saving…"
  static let drawFirst = "Draw the digit on the sheet first."
  static let onlyADot = "That is only a dot. Draw the whole digit."
  static let drawAnything = "Draw a digit. I read along."
  static let notADigit = "Not a digit"
  static let callStaff = "Please call staff"
  static let callStaffWhy = "Your drawing is safe here until it can be stored."
  static let yours = "Yours"
  static let rank = "Rank"
  static let everyone = "Everyone"
  static let board = "Leaderboard"
  static let emptyBoard = "Nobody yet. Be the first!"
  static let noTouch = "No touch screen or mouse is connected."
  static let anonymous = "Anonymous"
  static let notice = "What you submit is kept as research data."

  static let stillThere = "Still there?"
  static let touchToGoOn = "Touch anywhere to go on."
  static let wipedOtherwise = "Otherwise name and drawing are wiped for the next visitor."

  /// "Draw a 7", "Draw an 8".
  static func draw(_ digit: Int) -> String { digit == 8 ? "Draw an" : "Draw a" }

  static let saved = "Saved"

  static func read(_ digit: Int?, percent: Int) -> String {
    guard let digit else { return "I could not read it as a digit." }
    return "I read \(digit == 8 ? "an" : "a") \(digit) (\(percent)\u{A0}%)."
  }

  static func receipt(_ code: String) -> String { "Receipt \(code)" }
  static func youAre(_ nickname: String) -> String { "You are \(nickname)" }
}
