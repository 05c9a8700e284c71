// Counts the heap allocations of a program while it runs; LD_PRELOADed by deploy/bench/run.
//
// The file that ALLOCATIONS names (16 bytes) is mapped: its first number is the count of the first thread, its second that of
// all others, and whoever maps or reads the file sees them at any time.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ulong unseen[2];
static atomic_ulong *counts = unseen;
// 0: not asked yet, 1: the first thread, 2: another. No allocation in here: it would count itself.
static __thread int thread __attribute__((tls_model("initial-exec")));

static void count(void) {
  if (thread == 0) thread = syscall(SYS_gettid) == getpid() ? 1 : 2;
  atomic_fetch_add_explicit(&counts[thread - 1], 1, memory_order_relaxed);
}

void *malloc(size_t size) { count(); return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { count(); return __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { count(); return __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { count(); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { count(); return __libc_memalign(alignment, size); }
int posix_memalign(void **out, size_t alignment, size_t size) {
  count();
  void *made = __libc_memalign(alignment, size);
  if (!made) return 12;
  *out = made;
  return 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("ALLOCATIONS");
  if (!path) return;
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *page = mmap(0, sizeof unseen, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (page != MAP_FAILED) counts = page;
}
