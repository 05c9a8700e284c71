/// What stands on the panel: one screen of the visit.
///
/// A screen joins here as `case name(Staged<NameScreen>)`; it gets its touches in ``Booth/touch(_:)``, its time in
/// ``Booth/tick(_:visit:)`` and its picture in `BoothView+Stage.swift`, a line in each.
enum Stage: Sendable, Equatable {
  /// The invitation, while nobody is there.
  case attract(Staged<AttractScreen>)
  /// The two consents, and the language.
  case consent(Staged<ConsentScreen>)
  /// The name on the board.
  case name(Staged<NameScreen>)
  /// The sheet to draw on.
  case sheet(Booth.Mode)
  /// The operator has the panel: PIN, menu, calibration.
  case `operator`(OperatorStage)
}
