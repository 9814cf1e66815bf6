/* Words for people: times, durations, and what the record's codes are called. */
#ifndef WORDS_H
#define WORDS_H

#include "print.h"

/* KEY_local if it is there, else KEY (UTC, marked Z), as 2026-03-07 18:00; "" when neither is. */
const char *time_at(struct cli *cli, const json_t *object, const char *key, bool seconds);
const char *span_of(struct cli *cli, json_int_t milliseconds); /* 1d 4h, 25min, 40s; the sign is left out */

const char *code_name(const char *code);         /* STEP_LATE: "done late"; the code itself when it has no name */
const char *kind_name(const char *kind);         /* of an entry */
const char *severity_name(const char *severity); /* of a finding */
const char *type_hint(const char *type);         /* what a value of a field's type looks like; the type when there are no words */
const char *status_name(const char *status);     /* of a finding */
const char *reason_name(const char *reason);     /* of a refusal; NULL when there is no word for it */
/* What the engine's error is about, by its rule, in another language than English; NULL: there are no words. */
const char *rule_sentence(const char *rule);
/* What the engine says as a sentence of that language; NULL: it is not known (sentences.c). */
const char *sentence_of(struct cli *cli, const char *text);
/* The same, safe for a terminal; what is not known with its titles translated. */
const char *said(struct cli *cli, const char *text);
enum style severity_style(const char *severity);

/* A telephone number with its last four digits hidden; any other text as it is. */
const char *masked(struct cli *cli, const char *text);
/* What to type for a step: process.step, or the step alone when it has a dot of its own. */
const char *step_id(struct cli *cli, const char *process, const char *step);
/* The process of a step, a finding, an entry: as it says, or as its session's name says. */
const char *process_of(struct cli *cli, const json_t *object);
/* "客户接待 › 接待中" of one {"title","states"}: the innermost state that has a title; all running ones of a list, joined. */
const char *place_of(struct cli *cli, const json_t *session);
const char *places_of(struct cli *cli, const json_t *sessions);
/* The values of a choice, with what people call them where the reader reads Chinese: `高 high|低 low`. */
const char *choices_at(struct cli *cli, const json_t *field, const char *between);
/* What the engine says of a step or a field, "fuel_pct 油量%: less than 25", with the titles in the language of the user. */
const char *titles_in(struct cli *cli, const char *text);

#endif
