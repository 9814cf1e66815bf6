/* Arenas: a list of blocks, the head being filled. Bytes past `used` are always zero, so that allocating is a bump and
 * nothing else; a reset zeroes what was used. */
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

/* Under AddressSanitizer what is not handed out is poisoned, with a gap after each piece: an arena hides no overrun. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONED 1
#endif
#ifdef ARENA_POISONED
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
static void hide(const void *from, size_t size)
{
    __asan_poison_memory_region(from, size);
}
static void show(const void *from, size_t size)
{
    __asan_unpoison_memory_region(from, size);
}
#else
enum { GAP = 0 };
static void hide(const void *from, size_t size)
{
    (void)from, (void)size;
}
static void show(const void *from, size_t size)
{
    (void)from, (void)size;
}
#endif

enum { ALIGNMENT = 16, FIRST_BLOCK = 4096, LARGEST_BLOCK = 65536 };

struct block {
    _Alignas(ALIGNMENT) struct block *next;
    size_t used, size; /* of `bytes` */
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
    struct block *head;
    size_t block_size; /* of the next block */
    size_t total;
    bool failed;
};

struct arena *arena_new(void)
{
    struct arena *arena = memory_alloc(sizeof *arena);
    if (arena) arena->block_size = FIRST_BLOCK;
    return arena;
}

static void free_blocks(struct block *block)
{
    while (block) {
        struct block *next = block->next;
        show(block->bytes, block->size);
        memory_free(block);
        block = next;
    }
}

void arena_free(struct arena *arena)
{
    if (!arena) return;
    free_blocks(arena->head);
    memory_free(arena);
}

void arena_reset(struct arena *arena)
{
    if (!arena) return;
    struct block *kept = arena->head;
    if (kept && kept->size <= LARGEST_BLOCK) {
        free_blocks(kept->next);
        kept->next = NULL;
        show(kept->bytes, kept->used);
        memset(kept->bytes, 0, kept->used);
        kept->used = 0;
        hide(kept->bytes, kept->size);
    } else {
        free_blocks(kept);
        arena->head = NULL;
        arena->block_size = FIRST_BLOCK;
    }
    arena->total = 0;
    arena->failed = false;
}

/* A block with room for `size`. One for a large piece goes behind the head, which still has room for small ones. */
static struct block *add_block(struct arena *arena, size_t size)
{
    bool large = size > arena->block_size / 4;
    size_t bytes = large ? size : arena->block_size;
    struct block *block = memory_alloc(sizeof *block + bytes);
    if (!block) return NULL;
    block->size = bytes;
    hide(block->bytes, bytes);
    if (large && arena->head) {
        block->next = arena->head->next;
        arena->head->next = block;
    } else {
        block->next = arena->head;
        arena->head = block;
    }
    if (!large && arena->block_size < LARGEST_BLOCK) arena->block_size *= 2;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (!arena || arena->failed) return NULL;
    if (size > SIZE_MAX / 2) {
        arena->failed = true;
        return NULL;
    }
    size_t rounded = ((size ? size : 1) + GAP + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct block *block = arena->head;
    if (!block || block->size - block->used < rounded) block = add_block(arena, rounded);
    if (!block) {
        arena->failed = true;
        return NULL;
    }
    void *piece = block->bytes + block->used;
    block->used += rounded;
    arena->total += rounded;
    show(piece, size ? size : 1);
    return piece;
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
    if (!text) return NULL;
    char *copy = arena_alloc(arena, length + 1);
    if (copy && length) memcpy(copy, text, length);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    char *out = NULL;
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0) out = arena_alloc(arena, (size_t)length + 1);
    if (out) vsnprintf(out, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return out;
}

bool arena_failed(const struct arena *arena)
{
    return !arena || arena->failed;
}

size_t arena_size(const struct arena *arena)
{
    return arena ? arena->total : 0;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return items;
    size_t larger = *capacity ? *capacity * 2 : 16;
    void *block = arena_alloc(arena, larger * size);
    if (!block) return NULL;
    if (count) memcpy(block, items, count * size);
    *capacity = larger;
    return block;
}
