import Display
import Kernel

/// What the panel tells of itself: `panelctl status` asks.
extension MainLoop {
  func report() -> StatusReport {
    // While nobody sees the picture, that is what an operator has to know, not what was taken once.
    let unseen: String? =
      switch screen.state {
      case .lit: nil
      case .dark(let reason): "display: dark, \(reason)"
      case .suspended(let reason): "display: suspended, \(reason)"
      }
    let displayState =
      switch screen.state {
      case .lit: "lit"
      case .dark: "dark"
      case .suspended: "suspended"
      }
    let untouchable = touch.devices.isEmpty ? [touch.summary] : []
    return StatusReport(
      screen: booth.screen,
      controls: booth.pressPlaces, canvas: booth.showsSheet ? booth.layout.canvas : nil,
      prompt: booth.mode == .challenge ? booth.scoreboard.prompt : nil, firstPicture: firstPictureShown,
      display: unseen ?? screen.summary,
      touch: touch.devices, inkLatency: inkLatency, redraws: painter.redraws, barMoves: painter.barMoves,
      collecting: booth.isCollecting, displayState: displayState, visits: vitals.visits,
      stored: vitals.stored,
      notices: (unseen.map { [$0] } ?? []) + untouchable + booth.notices + findings,
      startedAgo: MonotonicClock.now() - started, model: model, software: PanelProgram.version)
  }
}
