/* Private: a story read into memory (the format is fixed in DESIGN §7). Strings live in the arena. */
#ifndef CASE_STORY_H
#define CASE_STORY_H

#include "case/kase.h"

enum { STORY_WORDS = 64 };

struct story_line {
    uint32_t number;
    const char *at, *rec; /* as written; rec NULL: at */
    const char *actor, *by, *role, *name, *reason, *refused_clause;
    const char *with[8];
    size_t with_count;
    bool waive, refused;
    struct guan_pair fields[STORY_WORDS];
    size_t field_count;
    const char *text; /* for messages */
    instant order;    /* rec as an instant */
};
struct story_expect {
    uint32_t number;
    const char *state; /* expect state X */
    const char *code, *severity, *clause;
    bool none; /* expect findings none */
};
struct story {
    const char *title, *process, *dealer, *until;
    struct guan_pair *staff, *parties; /* NAME, ROLES */
    size_t staff_count, party_count;
    struct story_line *lines;
    size_t line_count;
    struct story_expect *expects;
    size_t expect_count;
};
int story_read(struct arena *arena, const char *file, const char *text, size_t length, struct story *out,
               struct guan_error *error);

#endif
