/* Private: a story read into memory (the format is fixed in DESIGN §7). Strings live in the arena. */
#ifndef CASE_STORY_H
#define CASE_STORY_H

#include "case/witness.h"

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
/* Where stories are played one after the other: what is read and checked of the bundle once serves all of them; each has a store
 * of its own. Begin with {.bundle}, the rest as wanted. */
typedef int story_then(void *user, struct guan *guan, struct guan_error *error);
struct stage {
    const struct bundle *bundle;
    struct witness *witness; /* of the next story; NULL: nobody looks */
    story_then *then;        /* called with the store before it is gone, if the story could be played; NULL: nobody */
    void *user;
    struct guan *guan; /* NULL before the first story */
    bool published;    /* the bundle as it is: it need not be checked again */
};
/* *failed: checks that failed; *title lives in `arena`. GUAN_OK also when checks failed. */
int story_play(struct stage *stage, const char *file, struct arena *arena, const struct guan_sink *sink, const char **title,
               int64_t *failed, struct guan_error *error);
void stage_end(struct stage *stage);
/* One story on a stage of its own. */
int story_run_then(const struct bundle *bundle, const char *file, struct witness *witness, struct arena *arena,
                   const struct guan_sink *sink, const char **title, int64_t *failed, story_then *then, void *user,
                   struct guan_error *error);
int story_read(struct arena *arena, const char *file, const char *text, size_t length, struct story *out,
               struct guan_error *error);

/* A line as a command on a case: a step where its process has one of that name, else an event. Borrows the line. */
struct guan_command story_command(struct bundle *bundle, const struct story *story, const struct story_line *line,
                                  const char *kase, struct arena *arena);

#endif
