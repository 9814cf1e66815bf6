/* Memory: one allocator that tests can make fail, arenas for what lives as long as a command, growing buffers.
 *
 * An arena is dropped whole. After a failed allocation it stays failed: code may build a whole tree and ask once. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "base/error.h"

#include <stdarg.h>

void *memory_alloc(size_t size); /* zeroed; NULL when out of memory */
void *memory_resize(void *old, size_t size);
void memory_free(void *block);
/* Fault injection: the n-th allocation from now on (1 = the next) and all after it fail; 0 switches it off.
 * Thread-local, for tests only. Returns the number of allocations since the last call. */
uint64_t memory_fail_after(uint64_t n);

struct arena;
struct arena *arena_new(void);
void arena_free(struct arena *arena);
void arena_reset(struct arena *arena);                                  /* forget all, keep a block */
void *arena_alloc(struct arena *arena, size_t size);                    /* zeroed, aligned for any type; NULL once failed */
char *arena_text(struct arena *arena, const char *text, size_t length); /* copy, terminated */
char *arena_printf(struct arena *arena, const char *format, ...) GUAN_PRINTF(2, 3);
/* Room for one more item behind `count`: the array itself, or a larger copy. NULL: no memory. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);
bool arena_failed(const struct arena *arena);
size_t arena_size(const struct arena *arena);

/* A growing byte buffer, always terminated when not empty. Init with {0}. Failure is sticky as in an arena. */
struct buffer {
    char *data;
    size_t length;
    size_t capacity;
    bool failed;
};
void buffer_add(struct buffer *buffer, const void *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_byte(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) GUAN_PRINTF(2, 3);
void buffer_clear(struct buffer *buffer);   /* length 0, memory kept */
void buffer_release(struct buffer *buffer); /* memory given back; usable again */

#endif
