/* What rules remember, and judging by it. Private to this folder. */
#ifndef STANDARD_MOMENTS_H
#define STANDARD_MOMENTS_H

#include "standard/eval.h"
#include "standard/find.h"
#include "standard/findings.h"

/* moments_save.c */
struct value *rules_save(const struct standard *standard, struct arena *arena);
void rules_load(struct standard *standard, const struct value *saved);

/* moments.c */
/* Keeps a fact, sorted by (at, entry); its place, or SIZE_MAX when memory ran out. */
size_t moment_keep(struct standard *standard, uint32_t rule, const struct moment *moment);
void moment_drop(struct standard *standard, uint32_t rule, size_t index);
/* What is older than the rule's window and 30 days before the last is forgotten. */
int moments_prune(struct standard *standard, uint32_t rule, struct guan_error *error);
instant rule_window(struct standard *standard, uint32_t rule, instant at, struct guan_error *error); /* where it begins */
int64_t thousandths(const struct value *value);
const char *text_key(struct arena *arena, const struct value *value); /* of a map of records: the text, or its JSON */

/* count("P.S", "P7D"), sum(…): over what the rules of the case keep, up to now. */
int moments_total(struct standard *standard, const char *name, const char *field, instant after, int64_t *out);

/* verdict.c: does a fact break the rule, judged as of its time? */
int rule_verdict(struct standard *standard, uint32_t rule, size_t index, bool *broken, struct guan_error *error);
bool rule_armed(const struct standard *standard, uint32_t rule, instant at);
bool law_taken(const struct world *world, uint64_t entry); /* a law prohibition stands on this act */
bool is_law_ban(const struct chart_rule *rule);

/* silence.c: max-gap */
int silence_fact(struct standard *standard, uint32_t rule, const struct fact *fact, const struct moment *moment,
                 struct findings *findings, struct guan_error *error);
int silences_look(struct standard *standard, struct guan_error *error); /* arms what runs */
int silence_fold(struct standard *standard, uint32_t rule, struct findings *findings, struct guan_error *error);
int silence_due(struct standard *standard, const char *id, const char *instance, instant due, struct findings *findings,
                const char **event, struct guan_error *error);

/* rules.c */
enum chart_severity rule_severity(const struct chart_rule *rule);
const char *rule_code(const struct chart_rule *rule);
/* All rules of the case look again at what they keep from `at` on (its entry, or all entries from then on). */
int rules_again(struct world *world, instant at, struct findings *findings, struct guan_error *error);

#endif
