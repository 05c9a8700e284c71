/// One sentence for what went wrong on the way to a panel, with what to do about it, from what ssh said and how it ended.
struct RemoteFailure {
  let host: String
  /// ssh's exit status; nil when it was still running.
  let status: Int32?
  /// The last of what came on its standard error.
  let complaints: String
  /// What went wrong with the stream.
  let error: SyncError

  var sentence: String {
    if case .refused = error { return error.description }
    if case .noMagic(let seen) = error {
      return withoutMagic(seen)
    }
    if error == .ended, status == 255, let reason = connection { return reason }
    return error.description
  }

  /// The panel's end has not spoken at all: ssh did not get there, or something else is there.
  private func withoutMagic(_ seen: String) -> String {
    let first = seen.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    switch status {
    case 255: return connection ?? "ssh could not reach it\(said); try it by hand: ssh \(host)"
    case 127:
      return
        "panelctl is not there, or not where its shell looks\(said); install it on the panel, or give the key the "
        + "forced command with the full path"
    case 126: return "panelctl cannot be run there\(said); look at its permissions on the panel"
    case .some(let code) where seen.isEmpty:
      return "panelctl sync --serve ended there with \(code) before it said anything\(said)"
    default:
      return
        "it did not answer as a panel, but with \"\(first.prefix(80))\"\(said); check the forced command of the key: "
        + "panelctl sync --serve"
    }
  }

  /// What ssh means by its exit status 255.
  private var connection: String? {
    let known: [(String, String)] = [
      (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        "its host key is another one than last time; if the panel was installed anew, forget the old key with "
          + "ssh-keygen -R HOST"
      ),
      (
        "Host key verification failed",
        "its host key is not known here; run ssh HOST once by hand and compare the fingerprint"
      ),
      (
        "Permission denied",
        "it does not take this key; add the collector's public key to authorized_keys there, with "
          + "command=\"panelctl sync --serve\",restrict"
      ),
      (
        "Could not resolve hostname", "there is no host of that name; check the spelling, or give its address"
      ),
      ("Connection refused", "nothing answers on its SSH port; check that sshd runs on the panel"),
      ("Connection timed out", "it does not answer; check that the panel is on and on this network"),
      ("No route to host", "there is no way to it; check that the panel is on and on this network"),
      ("Network is unreachable", "there is no way to it; check this machine's network"),
      (
        "Too many authentication failures",
        "it refuses after too many keys; name the right one with ssh's IdentityFile"
      ),
      ("Connection reset", "the connection was reset; what was confirmed by then is safe, run it again"),
      ("Broken pipe", "the connection broke; what was confirmed by then is safe, run it again"),
      ("Timeout, server", "the connection fell silent; what was confirmed by then is safe, run it again"),
    ]
    for (words, sentence) in known where complaints.contains(words) {
      return sentence.replacing("HOST", with: host)
    }
    return nil
  }

  /// The last line that ssh or the other end has said.
  private var said: String {
    let last = complaints.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    return last.map { " (\($0.prefix(160)))" } ?? ""
  }
}
