import Display
import Ink

/// Which screen is drawn.
extension BoothView {
  /// Draws what stands on the panel, all of it that lies in the surface's clip.
  func drawEverything(_ booth: Booth, on surface: inout Surface) {
    if let stillThere = booth.stillThere { return drawStillThere(stillThere, booth, on: &surface) }
    switch booth.stage {
    case .attract(let staged): drawAttract(staged, booth, on: &surface)
    case .consent(let staged): drawConsent(staged, booth, on: &surface)
    case .name(let staged): drawName(staged, booth, on: &surface)
    case .sheet: drawSheet(booth, on: &surface)
    case .operator(let operatorStage): drawOperator(operatorStage, booth, on: &surface)
    }
  }

  private func drawOperator(_ operatorStage: OperatorStage, _ booth: Booth, on surface: inout Surface) {
    switch operatorStage.screen {
    case .pin(let staged): drawPIN(staged, booth, on: &surface)
    case .menu(let staged): drawOperator(staged, booth, on: &surface)
    case .calibration(let calibration): drawCalibration(calibration, booth, on: &surface)
    case .test(let staged): drawTouchTest(staged, booth, on: &surface)
    case .wipe(let wipe): drawWipe(wipe, booth, on: &surface)
    case .withdraw(let staged): drawWithdraw(staged, booth, on: &surface)
    }
  }

  /// Draws places of a screen again, and adds them to `changed`.
  func draw(
    areas: [PixelRect], of booth: Booth, on surface: inout Surface, changed: inout [PixelRect]
  ) {
    for area in areas {
      let area = area.intersection(surface.bounds)
      guard !area.isEmpty else { continue }
      surface.clipped(to: area) { drawEverything(booth, on: &$0) }
      changed.append(area)
    }
  }
}
