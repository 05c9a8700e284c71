#include <sqlite3.h>

// sqlite3_config is variadic.
static inline int sqlite_config_memory_statistics(int isOn) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, isOn); }
