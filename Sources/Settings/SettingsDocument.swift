extension SettingsKey {
  /// The documented configuration file: every key with its explanation, its allowed values and its default, the keys
  /// themselves commented out, so that an installed file follows later defaults.
  public static var document: String {
    var text = """
      # Configuration of panel and panelctl. It is looked for at /etc/panel/panel.ini, or where --config says.
      #
      # Every key stands here with its default. To change one, take the # before it away. A comment is a line of its own
      # that begins with # or ;. A line that cannot be read is named by `panelctl status`, and its default is used.

      """
    for section in sections {
      text += "\n[\(section)]\n"
      for key in all where key.section == section {
        text += "# \(key.explanation)\n# Allowed: \(key.allowed).\n#\(key.name) = \(key.defaultText)\n"
      }
    }
    return text
  }
}
