/* Matching by backtracking: one function a kind of pattern item, each of which asks match() for the rest. */
#include "script/pattern.h"

#include <string.h>

#define MOST_DEPTH 200

static const char *match(struct pattern *p, const char *s, const char *item);

static void step(struct pattern *p)
{
    if ((++p->steps & 255) == 0) script_charge(p->lua, 64);
}

/* --- one character --------------------------------------------------------------------------------------------------------- */

static bool in_class(unsigned char c, unsigned char letter)
{
    bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9', yes;
    switch (letter | 32) {
    case 'a': yes = lower || upper; break;
    case 'c': yes = c < 32 || c == 127; break;
    case 'd': yes = digit; break;
    case 'g': yes = c > 32 && c < 127; break;
    case 'l': yes = lower; break;
    case 'p': yes = c > 32 && c < 127 && !lower && !upper && !digit; break;
    case 's': yes = c == ' ' || (c >= 9 && c <= 13); break;
    case 'u': yes = upper; break;
    case 'w': yes = lower || upper || digit; break;
    case 'x': yes = digit || ((c | 32) >= 'a' && (c | 32) <= 'f'); break;
    default: return c == letter;
    }
    bool negated = letter >= 'A' && letter <= 'Z';
    return yes != negated;
}

/* The place after the set that begins at `item` (a '['). */
static const char *set_end(struct pattern *p, const char *item)
{
    const char *at = item + 1;
    if (at < p->end && *at == '^') at++;
    do {
        if (at >= p->end) luaL_error(p->lua, "malformed pattern (missing ']')");
        if (*at++ == '%') {
            if (at >= p->end) luaL_error(p->lua, "malformed pattern (missing ']')");
            at++;
        }
    } while (at >= p->end || *at != ']');
    return at + 1;
}

/* `end` is after the ']'. */
static bool in_set(struct pattern *p, unsigned char c, const char *item, const char *end)
{
    const char *at = item + 1, *last = end - 1;
    bool negated = *at == '^';
    if (negated) at++;
    while (at < last) {
        step(p);
        if (*at == '%') {
            if (in_class(c, (unsigned char)at[1])) return !negated;
            at += 2;
        } else if (at + 2 < last && at[1] == '-') {
            if ((unsigned char)at[0] <= c && c <= (unsigned char)at[2]) return !negated;
            at += 3;
        } else {
            if ((unsigned char)*at == c) return !negated;
            at++;
        }
    }
    return negated;
}

/* The place after the single-character item at `item`, before its + - * ? */
static const char *single_end(struct pattern *p, const char *item)
{
    if (*item == '[') return set_end(p, item);
    if (*item != '%') return item + 1;
    if (item + 1 >= p->end) luaL_error(p->lua, "malformed pattern (ends with '%%')");
    return item + 2;
}

static bool matches_single(struct pattern *p, const char *s, const char *item, const char *end)
{
    step(p);
    if (s >= p->subject_end) return false;
    unsigned char c = (unsigned char)*s;
    switch (*item) {
    case '.': return true;
    case '%': return in_class(c, (unsigned char)item[1]);
    case '[': return in_set(p, c, item, end);
    default: return (unsigned char)*item == c;
    }
}

/* --- repetition --------------------------------------------------------------------------------------------------------------
 */

static const char *most_first(struct pattern *p, const char *s, const char *item, const char *end)
{
    ptrdiff_t count = 0;
    while (matches_single(p, s + count, item, end)) count++;
    for (; count >= 0; count--) {
        const char *found = match(p, s + count, end + 1);
        if (found) return found;
    }
    return NULL;
}

static const char *fewest_first(struct pattern *p, const char *s, const char *item, const char *end)
{
    for (;; s++) {
        const char *found = match(p, s, end + 1);
        if (found) return found;
        if (!matches_single(p, s, item, end)) return NULL;
    }
}

/* --- captures ------------------------------------------------------------------------------------------------------------------
 */

static const char *open_capture(struct pattern *p, const char *s, const char *item, ptrdiff_t what)
{
    if (p->captures >= PATTERN_CAPTURES) luaL_error(p->lua, "too many captures");
    int i = p->captures++;
    p->capture[i].at = s;
    p->capture[i].length = what;
    const char *found = match(p, s, item);
    if (!found) p->captures = i;
    return found;
}

static const char *close_capture(struct pattern *p, const char *s, const char *item)
{
    int i = p->captures - 1;
    while (i >= 0 && p->capture[i].length != CAPTURE_OPEN) i--;
    if (i < 0) luaL_error(p->lua, "invalid pattern capture");
    p->capture[i].length = s - p->capture[i].at;
    const char *found = match(p, s, item);
    if (!found) p->capture[i].length = CAPTURE_OPEN;
    return found;
}

/* %1 … %9: the same text again. */
static const char *captured_again(struct pattern *p, const char *s, unsigned char digit)
{
    int i = digit - '1';
    if (i < 0 || i >= p->captures || p->capture[i].length == CAPTURE_OPEN)
        luaL_error(p->lua, "invalid capture index %%%d", i + 1);
    /* a position has no text, so nothing repeats it */
    if (p->capture[i].length < 0) return NULL;
    size_t length = (size_t)p->capture[i].length;
    script_charge(p->lua, length / 16);
    if ((size_t)(p->subject_end - s) < length || memcmp(p->capture[i].at, s, length) != 0) return NULL;
    return s + length;
}

/* --- %b and %f
 * ------------------------------------------------------------------------------------------------------------------- */

static const char *balanced(struct pattern *p, const char *s, const char *item)
{
    if (p->end - item < 2) luaL_error(p->lua, "malformed pattern (missing arguments to '%%b')");
    if (s >= p->subject_end || *s != item[0]) return NULL;
    size_t open = 1;
    for (s++; s < p->subject_end; s++) {
        step(p);
        if (*s == item[1]) {
            if (--open == 0) return s + 1;
        } else if (*s == item[0]) {
            open++;
        }
    }
    return NULL;
}

static bool at_frontier(struct pattern *p, const char *s, const char *set, const char *end)
{
    unsigned char before = s == p->subject ? 0 : (unsigned char)s[-1];
    unsigned char here = s < p->subject_end ? (unsigned char)*s : 0;
    return !in_set(p, before, set, end) && in_set(p, here, set, end);
}

/* --- all of it
 * --------------------------------------------------------------------------------------------------------------------- */

/* A single-character item and what may follow it; *again: go on with *s and *item in place of a call. */
static const char *match_single(struct pattern *p, const char **s, const char **item, bool *again)
{
    const char *end = single_end(p, *item);
    char repeat = end < p->end ? *end : '\0';
    if (repeat == '*') return most_first(p, *s, *item, end);
    if (repeat == '-') return fewest_first(p, *s, *item, end);
    bool one = matches_single(p, *s, *item, end);
    if (repeat == '+') return one ? most_first(p, *s + 1, *item, end) : NULL;
    if (repeat == '?') {
        const char *found = one ? match(p, *s + 1, end + 1) : NULL;
        if (found) return found;
        end++;
    } else if (!one) {
        return NULL;
    } else {
        ++*s;
    }
    *item = end;
    *again = true;
    return NULL;
}

/* %b, %f and %1; *again as above. Is the item one of them? */
static bool match_escape(struct pattern *p, const char **s, const char **item, bool *again)
{
    const char *at = *item, *found = *s;
    if (at + 1 >= p->end) return false;
    char letter = at[1];
    if (letter == 'b') {
        found = balanced(p, *s, at + 2);
        at += 4;
    } else if (letter == 'f') {
        if (at + 2 >= p->end || at[2] != '[') luaL_error(p->lua, "missing '[' after '%%f' in pattern");
        const char *end = set_end(p, at + 2);
        if (!at_frontier(p, *s, at + 2, end)) found = NULL;
        at = end;
    } else if (letter >= '0' && letter <= '9') {
        found = captured_again(p, *s, (unsigned char)letter);
        at += 2;
    } else {
        return false;
    }
    *again = found != NULL;
    *s = found;
    *item = at;
    return true;
}

static const char *match(struct pattern *p, const char *s, const char *item)
{
    const char *found = NULL;
    if (++p->depth > MOST_DEPTH) luaL_error(p->lua, "pattern too complex");
    for (bool again = true; again;) {
        again = false;
        step(p);
        if (item >= p->end) {
            found = s;
        } else if (*item == '(') {
            bool position = item + 1 < p->end && item[1] == ')';
            found = open_capture(p, s, item + (position ? 2 : 1), position ? CAPTURE_POSITION : CAPTURE_OPEN);
        } else if (*item == ')') {
            found = close_capture(p, s, item + 1);
        } else if (*item == '$' && item + 1 == p->end) {
            found = s == p->subject_end ? s : NULL;
        } else if (*item != '%' || !match_escape(p, &s, &item, &again)) {
            found = match_single(p, &s, &item, &again);
        }
    }
    p->depth--;
    return found;
}

const char *pattern_match(struct pattern *pattern, const char *at)
{
    pattern->depth = pattern->captures = 0;
    return match(pattern, at, pattern->start);
}

void pattern_push_capture(struct pattern *pattern, int i, const char *at, const char *end)
{
    if (i >= pattern->captures) {
        if (i != 0) luaL_error(pattern->lua, "invalid capture index %%%d", i + 1);
        lua_pushlstring(pattern->lua, at, (size_t)(end - at));
    } else if (pattern->capture[i].length == CAPTURE_POSITION) {
        lua_pushinteger(pattern->lua, pattern->capture[i].at - pattern->subject + 1);
    } else if (pattern->capture[i].length == CAPTURE_OPEN) {
        luaL_error(pattern->lua, "unfinished capture");
    } else {
        lua_pushlstring(pattern->lua, pattern->capture[i].at, (size_t)pattern->capture[i].length);
    }
}

int pattern_push_captures(struct pattern *pattern, const char *at, const char *end)
{
    int count = pattern->captures == 0 && at ? 1 : pattern->captures;
    luaL_checkstack(pattern->lua, count, "too many captures");
    for (int i = 0; i < count; i++) pattern_push_capture(pattern, i, at, end);
    return count;
}
