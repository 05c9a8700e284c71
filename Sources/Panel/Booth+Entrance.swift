import Spool
import Touch

/// The way into a visit: language, consent and name.
extension Booth {
  /// The questions of a new visit.
  var consentScreen: ConsentScreen {
    ConsentScreen(
      languages: languages.all.map(\.name),
      language: languages.all.firstIndex { $0.language == strings.language } ?? 0,
      text: languages.consent(in: strings))
  }

  /// Turns every screen to another language of those on offer.
  mutating func speak(_ index: Int) -> Response {
    guard languages.all.indices.contains(index) else { return .none }
    strings = languages.all[index]
    visit.language = strings.language
    if case .consent(var staged) = stage {
      staged.screen.turn(to: index, text: languages.consent(in: strings))
      stage = .consent(staged)
    }
    return Response(nil)
  }

  /// Takes what came of a touch or of time on the consent screen.
  mutating func take(_ staged: Staged<ConsentScreen>, _ answer: Staged<ConsentScreen>.Answer) -> Response {
    stage = .consent(staged)
    switch answer.outcome {
    case .language(let index): return speak(index)
    case .start(let consent): return agree(consent)
    case .none?, nil: return Response(answer.areas)
    }
  }

  /// The visitor has decided; who is shown on the board is asked for a name, and others go on to the sheet.
  private mutating func agree(_ consent: Consent) -> Response {
    visit.consent = consent
    visit.language = strings.language
    guard consent.nameShown else {
      visit.name = ""
      return enterSheet()
    }
    return enter(
      .name(
        Staged(
          NameScreen(
            strings: strings, board: scoreboard.board.compactMap(\.name),
            offers: scoreboard.nicknames[strings.language] ?? [], seed: visit.pseudonym.seed))))
  }

  /// Takes what came of a touch or of time on the name screen.
  mutating func take(_ staged: Staged<NameScreen>, _ answer: Staged<NameScreen>.Answer) -> Response {
    stage = .name(staged)
    guard case .done(let name, let isTyped) = answer.outcome else { return Response(answer.areas) }
    visit.name = name
    // A name that was taken from the offer is nobody's yet, and goes on counting nowhere.
    visit.nickname = isTyped ? "" : name
    visit.isNameTyped = isTyped
    greets = isTyped
    return enterSheet()
  }

  /// Where nobody is asked for a name the nickname of the visit stands; until the first drawing it gives way to one that
  /// nobody has.
  mutating func takeFreeNickname() {
    guard !asksConsent, !visit.isNameTyped, !visit.name.isEmpty, visit.name == visit.nickname,
      scoreboard.own == 0, let free = scoreboard.nicknames[visit.language]?.first
    else { return }
    (visit.nickname, visit.name) = (free, free)
  }

  /// What becomes of the drawings of this visit, as it was agreed.
  var keptFor: StringKey { visit.consent.dataSet ? .notice : .noticeGame }

  /// The sheet, and the store's standing of whoever that is now.
  private mutating func enterSheet() -> Response {
    var response = enter(.sheet(.challenge))
    response.newVisit = true
    return response
  }
}
