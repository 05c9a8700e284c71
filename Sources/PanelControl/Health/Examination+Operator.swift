import Settings

extension Examination {
  /// How the operator's screen is opened, and what was chosen there.
  static func operatorScreen(_ health: Health) -> [Examination] {
    let gesture =
      "hold two opposite corners for 3 s, then the PIN (with a mouse, a pen or a single-touch screen: one corner for 10 s)"
    var found = [Examination("operator", .well, gesture)]
    if health.settings.settings.pin == nil {
      found.append(
        Examination(
          "operator", .well,
          "no PIN is set, so that screen stays closed; set one with panelctl pin, which prints the line for the configuration"
        ))
    } else {
      found.append(Examination("operator", .well, "a PIN is set"))
    }
    let (choices, file) = (health.choices.choices, OperatorChoices.path(spool: health.place.path))
    if let problem = health.choices.problem { found.append(Examination("operator", .attention, problem)) }
    if choices.wrongPINs >= PINTries.free {
      found.append(
        Examination(
          "operator", .attention,
          "\(choices.wrongPINs) wrong PINs were tried since the last right one; if that was nobody you know, set a longer PIN"
        ))
    }
    if choices.matrix != nil {
      found.append(
        Examination(
          "operator", .well,
          "touch was calibrated at the panel; remove \(file) to go by the configuration again"))
    }
    if let brightness = choices.brightness {
      found.append(Examination("operator", .well, "the brightness was set to \(brightness) % at the panel"))
    }
    if let language = choices.language {
      found.append(Examination("operator", .well, "the language was set to \(language) at the panel"))
    }
    return found
  }
}
