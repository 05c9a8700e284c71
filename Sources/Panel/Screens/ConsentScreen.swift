import Ink
import Spool

/// Asks for two things, each for itself: may the drawings go into the data set, may the name stand on the board.
///
/// Neither is ticked beforehand: consent is what a person does, not what a person leaves (GDPR, recital 32). Either way
/// the visit goes on. A drawing without the first is stored and counts on the board, but is in no data set; without the
/// second no name is stored at all. The language can be chosen here too, since a first touch may have passed over it.
struct ConsentScreen: BoothScreen {
  enum Control: Hashable, Sendable {
    /// A language by its place among those on offer.
    case language(Int)
    case useDrawings
    case showName
    /// The whole text, and its pages.
    case readAll, back, previous, next
    case start
  }

  enum Outcome: Sendable, Equatable {
    case none
    case language(Int)
    case start(Consent)
  }

  /// The languages on offer by their own names, and the one that is shown.
  let languages: [String]
  private(set) var language: Int
  private(set) var text: ConsentText
  /// *Use my drawings for the data set.*
  private(set) var usesDrawings = false
  /// *Show my name on the board.*
  private(set) var showsName = false
  /// The page of the whole text that is read; nil while the choices stand there.
  private(set) var page: Int?

  /// Whether a visitor has decided or opened anything.
  var hasChoices: Bool { usesDrawings || showsName || page != nil }

  init(languages: [String], language: Int, text: ConsentText) {
    self.languages = languages
    self.language = language
    self.text = text
  }

  /// The same choices in another language.
  mutating func turn(to language: Int, text: ConsentText) {
    self.language = language
    self.text = text
  }

  func controls(in layout: Layout) -> [ScreenControl<Control>] {
    if let page {
      let (places, pages) = (readingPlaces(in: layout), pages(in: layout))
      return [
        ScreenControl(control: .back, rect: places.back),
        ScreenControl(control: .previous, rect: places.previous, isEnabled: page > 0),
        ScreenControl(control: .next, rect: places.next, isEnabled: page + 1 < pages.count),
      ]
    }
    let places = places(in: layout)
    return places.languages.enumerated().map { ScreenControl(control: .language($0), rect: $1) } + [
      ScreenControl(control: .useDrawings, rect: places.useDrawings),
      ScreenControl(control: .showName, rect: places.showName),
      ScreenControl(control: .readAll, rect: places.readAll),
      ScreenControl(control: .start, rect: places.start),
    ]
  }

  mutating func press(_ control: Control, at time: UInt64) -> Outcome {
    switch control {
    case .language(let wanted): return wanted == language ? .none : .language(wanted)
    case .useDrawings: usesDrawings.toggle()
    case .showName: showsName.toggle()
    case .readAll: page = 0
    case .back: page = nil
    case .previous: page = page.map { max(0, $0 - 1) }
    case .next: page = page.map { $0 + 1 }
    case .start:
      return .start(Consent(version: text.version, dataSet: usesDrawings, nameShown: showsName))
    }
    return .none
  }

  mutating func tick(_ now: UInt64) -> Outcome { .none }

  func changes(since before: ConsentScreen, in layout: Layout) -> [PixelRect]? {
    guard page == before.page, language == before.language else { return nil }
    let places = places(in: layout)
    return (usesDrawings == before.usesDrawings ? [] : [places.useDrawings])
      + (showsName == before.showsName ? [] : [places.showName])
  }
}
