/* Lua's patterns (manual §6.4.1), with a price: a step of the search costs a share of an instruction, so that no pattern hangs.
 */
#ifndef SCRIPT_PATTERN_H
#define SCRIPT_PATTERN_H

#include "script/state.h"

#define PATTERN_CAPTURES 32

enum { CAPTURE_OPEN = -1, CAPTURE_POSITION = -2 };

struct pattern {
    lua_State *lua;
    const char *subject, *subject_end;
    const char *start, *end; /* of the pattern, an anchor off */
    uint64_t steps;
    int depth, captures;
    struct {
        const char *at;
        ptrdiff_t length; /* or CAPTURE_… */
    } capture[PATTERN_CAPTURES];
};

/* The end of a match that begins at `at`, or NULL. Raises for a malformed pattern. */
const char *pattern_match(struct pattern *pattern, const char *at);
/* Pushes capture `i`; the whole match [at, end) as 0 when there are none. */
void pattern_push_capture(struct pattern *pattern, int i, const char *at, const char *end);
/* Pushes all captures, or the whole match if there are none and `at` is given; returns how many. */
int pattern_push_captures(struct pattern *pattern, const char *at, const char *end);

#endif
