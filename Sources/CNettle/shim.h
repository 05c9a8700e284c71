#include <nettle/sha2.h>
#include <nettle/version.h>

// Nettle 4 no longer asks how much of the hash is wanted.
static inline void nettle_sha256_whole_digest(struct sha256_ctx *context, uint8_t digest[SHA256_DIGEST_SIZE]) {
#if NETTLE_VERSION_MAJOR < 4
  nettle_sha256_digest(context, SHA256_DIGEST_SIZE, digest);
#else
  nettle_sha256_digest(context, digest);
#endif
}
