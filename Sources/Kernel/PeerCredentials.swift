import CLinux
import Glibc

/// Who is at the other end of a Unix socket, as the kernel knows it: nobody can pretend to be another.
///
/// They are those of the moment of connect(2): SO_PEERCRED and SO_PEERGROUPS of unix(7) and socket(7).
struct PeerCredentials: Equatable, Sendable {
  let user: uid_t
  let group: gid_t
  /// The supplementary groups.
  var groups: [gid_t] = []

  init(user: uid_t, group: gid_t, groups: [gid_t] = []) {
    (self.user, self.group, self.groups) = (user, group, groups)
  }

  /// - Parameter socket: a connected one; nil when the kernel does not tell.
  init?(of socket: Int32) {
    var peer = ucred()
    var size = socklen_t(MemoryLayout<ucred>.size)
    guard getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 else { return nil }
    (user, group) = (peer.uid, peer.gid)
    // NGROUPS_MAX is 65,536; who is in more groups than these is known by the first ones.
    var list = [gid_t](repeating: 0, count: 1024)
    var bytes = socklen_t(list.count * MemoryLayout<gid_t>.stride)
    guard getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, &list, &bytes) == 0 else { return }
    groups = Array(list.prefix(Int(bytes) / MemoryLayout<gid_t>.stride))
  }

  /// Whether this is root, or the user that a program runs as.
  func isOwner(_ own: uid_t) -> Bool { user == 0 || user == own }

  /// Whether this one is of a group, as whoever collects from an installed panel or monitors it is of the panel's.
  func isMember(of shared: gid_t) -> Bool { group == shared || groups.contains(shared) }
}
