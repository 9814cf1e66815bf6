/* Sets of small integers (states in document order) as words of bits. All inline: the interpreter lives in these loops. */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BITS_NONE         UINT32_MAX
#define BITS_WORDS(count) (((count) + 63u) / 64u)

static inline void bits_add(uint64_t *set, uint32_t i)
{
    set[i >> 6] |= UINT64_C(1) << (i & 63u);
}
static inline void bits_remove(uint64_t *set, uint32_t i)
{
    set[i >> 6] &= ~(UINT64_C(1) << (i & 63u));
}
static inline bool bits_has(const uint64_t *set, uint32_t i)
{
    return (set[i >> 6] >> (i & 63u)) & 1u;
}
static inline void bits_clear(uint64_t *set, uint32_t words)
{
    memset(set, 0, words * sizeof *set);
}

/* The first member at or after `from` and before `end`; BITS_NONE if there is none. */
static inline uint32_t bits_next(const uint64_t *set, uint32_t from, uint32_t end)
{
    if (from >= end) return BITS_NONE;
    uint32_t w = from >> 6, last = (end - 1) >> 6;
    uint64_t word = set[w] & (~UINT64_C(0) << (from & 63u));
    while (word == 0) {
        if (w == last) return BITS_NONE;
        word = set[++w];
    }
    uint32_t i = (w << 6) + (uint32_t)__builtin_ctzll(word);
    return i < end ? i : BITS_NONE;
}

/* The last member at or after `from` and before `end`; BITS_NONE if there is none. */
static inline uint32_t bits_previous(const uint64_t *set, uint32_t from, uint32_t end)
{
    if (from >= end) return BITS_NONE;
    uint32_t first = from >> 6, w = (end - 1) >> 6;
    uint64_t word = set[w] & (~UINT64_C(0) >> (63u - ((end - 1) & 63u)));
    while (word == 0) {
        if (w == first) return BITS_NONE;
        word = set[--w];
    }
    uint32_t i = (w << 6) + 63u - (uint32_t)__builtin_clzll(word);
    return i >= from ? i : BITS_NONE;
}

static inline bool bits_any(const uint64_t *set, uint32_t from, uint32_t end)
{
    return bits_next(set, from, end) != BITS_NONE;
}

#endif
