/* Personal values do not go into <data>: the record could not forget them. A scan of the expression's tokens for form.S.F and
 * _event.data.F; it is a net for mistakes, not a proof. What only asks about a value (#x, x == y, not x) is let pass. */
#include "chart/compile.h"

#include <ctype.h>
#include <string.h>

struct scan {
    struct compile *c;
    const char *text, *cursor;
    struct chart_span events; /* of the transition around it */
    struct chart_place place;
    bool told;
};

static bool is_letter(char byte)
{
    return isalnum((unsigned char)byte) != 0 || byte == '_';
}

static void skip_blanks(const char **cursor)
{
    *cursor += strspn(*cursor, " \t\r\n");
}

/* ".name" or "['name']" at the cursor: one more key of a path. */
static bool next_key(const char **cursor, char *key, size_t size)
{
    const char *p = *cursor, *from;
    skip_blanks(&p);
    char quote = '\0';
    if (*p == '.' && p[1] != '.') {
        p++;
        skip_blanks(&p);
        for (from = p; is_letter(*p);) p++;
    } else if (*p == '[') {
        p++;
        skip_blanks(&p);
        quote = *p++;
        if (quote != '"' && quote != '\'') return false;
        for (from = p; *p != '\0' && *p != quote;) p++;
        if (*p == '\0') return false;
    } else {
        return false;
    }
    size_t length = (size_t)(p - from);
    if (length == 0 || length >= size) return false;
    memcpy(key, from, length);
    key[length] = '\0';
    if (quote != '\0') {
        p++;
        skip_blanks(&p);
        if (*p++ != ']') return false;
    }
    *cursor = p;
    return true;
}

/* Is the path from `start` to `end` only asked about? */
static bool only_asked(const struct scan *scan, const char *start, const char *end)
{
    skip_blanks(&end);
    static const char *const after[] = {"==", "~=", "<", ">", "and "};
    for (size_t i = 0; i < sizeof after / sizeof *after; i++)
        if (strncmp(end, after[i], strlen(after[i])) == 0) return true;
    while (start > scan->text && strchr(" \t\r\n", start[-1]) != NULL) start--;
    size_t before = (size_t)(start - scan->text);
    if (before >= 1 && strchr("#<>", start[-1]) != NULL) return true;
    if (before >= 2 && (memcmp(start - 2, "==", 2) == 0 || memcmp(start - 2, "~=", 2) == 0 || memcmp(start - 2, "<=", 2) == 0 ||
                        memcmp(start - 2, ">=", 2) == 0))
        return true;
    return before >= 3 && memcmp(start - 3, "not", 3) == 0 && (before == 3 || !is_letter(start[-4]));
}

static bool personal_field(const struct compile *c, uint32_t step, const char *name)
{
    struct chart_span fields = step_at(c, step)->fields;
    for (uint32_t i = 0; i < fields.count; i++) {
        const struct chart_field *field = field_at(c, fields.first + i);
        if (strcmp(field->name, name) == 0) return field->personal;
    }
    return false;
}

/* Of _event: the steps whose events the transition takes. */
static bool personal_in_event(const struct scan *scan, const char *name)
{
    const struct chart_descriptor *descriptors = scan->c->descriptors.items;
    for (uint32_t i = 0; i < scan->events.count; i++) {
        const char *event = descriptors[scan->events.first + i].name;
        uint32_t step = event == NULL ? CHART_NONE : find_step(scan->c, event);
        if (step != CHART_NONE && personal_field(scan->c, step, name)) return true;
    }
    return false;
}

static void tell(struct scan *scan, const char *start)
{
    if (!scan->told)
        problem(scan->c->report, scan->place, "personal-in-data", "read it where it is used, or say personal=\"no\" on the field",
                "%.*s is personal and would be kept in <data>", (int)(scan->cursor - start), start);
    scan->told = true;
}

static void scan_path(struct scan *scan, const char *start, bool event)
{
    char first[128], second[128];
    if (!next_key(&scan->cursor, first, sizeof first)) return;
    if (!next_key(&scan->cursor, second, sizeof second)) return;
    bool personal;
    if (event) {
        personal = strcmp(first, "data") == 0 && personal_in_event(scan, second);
    } else {
        uint32_t step = find_step(scan->c, first);
        personal = step != CHART_NONE && personal_field(scan->c, step, second);
    }
    if (personal && !only_asked(scan, start, scan->cursor)) tell(scan, start);
}

static void scan_expr(struct compile *c, uint32_t index, struct chart_span events)
{
    if (index == CHART_NONE) return;
    const struct chart_expr *expr = (const struct chart_expr *)c->exprs.items + index;
    struct scan scan = {.c = c, .text = expr->source, .cursor = expr->source, .events = events, .place = expr->place};
    while (*scan.cursor != '\0') {
        const char *start = scan.cursor;
        if (*start == '"' || *start == '\'') { /* a string */
            for (scan.cursor++; *scan.cursor != '\0' && *scan.cursor != *start; scan.cursor++)
                if (*scan.cursor == '\\' && scan.cursor[1] != '\0') scan.cursor++;
            if (*scan.cursor != '\0') scan.cursor++;
        } else if (is_letter(*start)) {
            while (is_letter(*scan.cursor)) scan.cursor++;
            size_t length = (size_t)(scan.cursor - start);
            bool member = start > scan.text && start[-1] == '.';
            bool form = length == 4 && memcmp(start, "form", 4) == 0, event = length == 6 && memcmp(start, "_event", 6) == 0;
            if (!member && (form || event)) scan_path(&scan, start, event);
        } else {
            scan.cursor++;
        }
    }
}

static void scan_chain(struct compile *c, uint32_t exec, struct chart_span events);

static void scan_block(struct compile *c, uint32_t block, struct chart_span events)
{
    if (block != CHART_NONE) scan_chain(c, *word_at(&c->blocks, block), events);
}

static void scan_chain(struct compile *c, uint32_t index, struct chart_span events)
{
    while (index != CHART_NONE) {
        const struct chart_exec *exec = (const struct chart_exec *)c->execs.items + index;
        if (exec->kind == CHART_ASSIGN) {
            scan_expr(c, exec->as.assign.expr, events);
            scan_expr(c, exec->as.assign.text.expr, events);
        } else if (exec->kind == CHART_FOREACH) {
            scan_block(c, exec->as.foreach.block, events);
        } else if (exec->kind == CHART_IF) {
            const struct chart_branch *branches = c->branches.items;
            for (uint32_t i = 0; i < exec->as.choose.branches.count; i++)
                scan_block(c, branches[exec->as.choose.branches.first + i].block, events);
        }
        index = exec->next;
    }
}

void check_personal(struct compile *c)
{
    struct chart_span nothing = {0, 0};
    for (uint32_t i = 0; i < c->transitions.count; i++) scan_block(c, transition_at(c, i)->content, transition_at(c, i)->events);
    for (uint32_t i = 0; i < c->states.count; i++) {
        const struct chart_state *state = state_at(c, i);
        for (uint32_t k = 0; k < state->onentry.count; k++) scan_block(c, state->onentry.first + k, nothing);
        for (uint32_t k = 0; k < state->onexit.count; k++) scan_block(c, state->onexit.first + k, nothing);
    }
    const struct chart_data *data = c->data.items;
    for (uint32_t i = 0; i < c->data.count; i++) {
        scan_expr(c, data[i].expr, nothing);
        scan_expr(c, data[i].text.expr, nothing);
    }
}
