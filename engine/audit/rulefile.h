/* A file of rules over the past: <rules xmlns="urn:guan:1"><rule id kind of …/></rules>. README.md has the kinds. */
#ifndef AUDIT_RULEFILE_H
#define AUDIT_RULEFILE_H

#include "base/clock.h"
#include "chart/read.h"

#define RULES_MOST 2000u /* of one file */

enum rule_kind {
    RULE_PROHIBIT,
    RULE_LIMIT,
    RULE_MIN_GAP,
    RULE_MAX_GAP,
    RULE_SHARE,
    RULE_PRECEDES,
    RULE_DATA,
    RULE_SEPARATE,
    RULE_OCCURS,
    RULE_STARTS,
    RULE_ENDS,
    RULE_RESPONDS,
    RULE_NEXT,
    RULE_ALTERNATES,
    RULE_EXCLUDES,
    RULE_SAME_ACTOR,
    RULE_AUTHORITY,
    RULE_EVIDENCE,
    RULE_WAIVER,
    RULE_KINDS
};

struct rule_span {    /* a length of time, or the parameter that holds it */
    const char *text; /* NULL: absent */
    struct duration length;
    bool parameter;
};
struct rule_number {  /* in thousandths */
    const char *text; /* NULL: absent */
    int64_t amount;
    bool parameter;
};
struct rule_lua {
    const char *source; /* NULL: absent */
    struct chart_place place;
};

struct rule {
    const char *id, *title, *severity, *klass, *code;
    enum rule_kind kind;
    struct chart_names of, first, then, among, from, until, clauses, roles, evidence;
    const char *by, *sum;
    struct rule_number min, max;
    struct rule_span within, until_after; /* until: a length of time, or what ends it */
    uint32_t sample;
    bool once, dealer; /* dealer: over all cases of one */
    struct rule_lua when, check;
    struct chart_place place;
};

struct rulefile {
    const char *file, *title, *zone; /* zone NULL: UTC, or the dealer's */
    const struct rule *rules;
    uint32_t count;
};

/* All problems go to the sink; GUAN_NO when there are any. What is read lives in the arena. */
int rulefile_read(const char *file, const char *bytes, size_t length, struct arena *arena, diagnostic_sink sink, void *user,
                  struct rulefile *out, struct guan_error *error);
const char *rule_kind_name(enum rule_kind kind);
/* "2", "12.50" in thousandths. */
bool rule_amount(const char *text, int64_t *out);

#endif
