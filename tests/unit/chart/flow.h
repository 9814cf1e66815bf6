/* Reading a flow from text, for the tests of this folder. */
#ifndef TEST_CHART_FLOW_H
#define TEST_CHART_FLOW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chart/read.h"

#include <stdio.h>
#include <string.h>

#define HEAD                                                                                                                     \
    "<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" xmlns:g=\"urn:guan:1\" version=\"1.0\" datamodel=\"lua\" name=\"t\" "
#define FLOW(inside) HEAD ">" inside "</scxml>"

static inline void print_problem(void *user, const struct diagnostic *diagnostic)
{
    (void)user;
    if (diagnostic->error) print_error("%u:%u: %s\n", diagnostic->place.line, diagnostic->place.col, diagnostic->text);
}

static inline const char *no_such_file(void *user, const char *from_file, const char *path, size_t *length)
{
    (void)user;
    (void)from_file;
    *length = strlen("hello  there");
    return strcmp(path, "text.txt") == 0 ? "hello  there" : NULL;
}

/* A chart that must be sound. */
static inline struct chart *read_good(const char *text)
{
    struct chart_read_options options = {.file = "t.scxml", .source = no_such_file, .sink = print_problem};
    struct guan_error error = {0};
    struct chart *chart = NULL;
    assert_int_equal(chart_read(text, strlen(text), &options, &chart, &error), GUAN_OK);
    assert_non_null(chart);
    return chart;
}

/* The first error of a chart that must not be. */
static inline struct guan_error read_bad(const char *text)
{
    struct chart_read_options options = {.file = "t.scxml"};
    struct guan_error error = {0};
    struct chart *chart = NULL;
    assert_int_equal(chart_read(text, strlen(text), &options, &chart, &error), GUAN_NO);
    assert_null(chart);
    return error;
}

static inline const struct chart_state *state_of(const struct chart *chart, const char *id)
{
    uint32_t index = chart_state_by_id(chart, id);
    assert_int_not_equal(index, CHART_NONE);
    return &chart->states[index];
}

/* The only target of a state's n-th transition. */
static inline const char *target_of(const struct chart *chart, uint32_t transition)
{
    const struct chart_transition *t = &chart->transitions[transition];
    assert_int_equal(t->targets.count, 1);
    return chart->states[chart->targets[t->targets.first]].id;
}

static inline const char *source_text(const struct chart *chart, uint32_t expr)
{
    return expr == CHART_NONE ? NULL : chart->exprs[expr].source;
}

#endif
