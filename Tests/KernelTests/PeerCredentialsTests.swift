import Glibc
import Testing

@testable import Kernel

@Suite("Who asks")
struct PeerCredentialsTests {
  @Test("the kernel tells who is at the other end")
  func own() throws {
    let path = "/tmp/kernel-peer-\(getpid())"
    defer { unlink(path) }
    let server = try UnixSocket.listen(at: path)
    let client = try UnixSocket.connect(to: path, timeout: 5)
    let connection = server.accept()
    guard let connection else {
      Issue.record("this process may not ask itself")
      return
    }
    let peer = try #require(PeerCredentials(of: connection.raw))
    #expect(peer.user == geteuid() && peer.group == getegid() && connection.isOwners)
    var groups = [gid_t](repeating: 0, count: 1024)
    let count = getgroups(Int32(groups.count), &groups)
    #expect(Set(peer.groups) == Set(groups.prefix(Int(max(0, count)))))
    #expect(PeerCredentials(of: -1) == nil)
    _ = client.raw
  }

  @Test("root, the same user and members of the group may ask; nobody else")
  func rights() {
    let (root, own) = (PeerCredentials(user: 0, group: 0), PeerCredentials(user: 990, group: 1))
    #expect(root.isOwner(990) && own.isOwner(990))
    #expect(!PeerCredentials(user: 65534, group: 980).isOwner(990))
    let first = PeerCredentials(user: 1000, group: 980)
    let second = PeerCredentials(user: 1000, group: 1000, groups: [4, 980])
    #expect(first.isMember(of: 980) && second.isMember(of: 980))
    #expect(!PeerCredentials(user: 1000, group: 1000, groups: [4, 44]).isMember(of: 980))
  }
}
