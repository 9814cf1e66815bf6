/* Deadlines: when a step is due, counted from what. */
#include "chart/catalogue_read.h"
#include "chart/compile.h"

#include "base/clock.h"

#include <string.h>

/* --- due values -------------------------------------------------------------------------------------------------------- */

static bool digits(const char **text, uint32_t least, uint32_t most, uint32_t *value)
{
    uint32_t n = 0;
    *value = 0;
    for (; **text >= '0' && **text <= '9' && n < most; (*text)++, n++) *value = *value * 10 + (uint32_t)(**text - '0');
    return n >= least;
}

/* D-1@18:00, D+0@24:00 */
static bool is_clock_value(const char *text)
{
    uint32_t days, hour, minute;
    if (*text++ != 'D' || (*text != '-' && *text != '+')) return false;
    text++;
    if (!digits(&text, 1, 4, &days) || *text++ != '@' || !digits(&text, 2, 2, &hour) || *text++ != ':') return false;
    if (!digits(&text, 2, 2, &minute) || *text != '\0') return false;
    return minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
}

/* Hours or days, not both: one counts exactly, the other by the calendar. */
bool due_value_parses(const char *text)
{
    struct duration duration;
    if (is_clock_value(text)) return true;
    if (duration_parse(text, strlen(text), &duration, NULL) != GUAN_OK || (duration.has_days && duration.has_exact)) return false;
    return duration.months >= 0 && duration.days >= 0 && duration.ms >= 0;
}

static const char *due_value(struct compile *c, const struct attribute *attribute)
{
    if (attribute == NULL) return NULL;
    const char *text = attribute->value;
    if (due_value_parses(text)) return text;
    struct duration duration;
    bool name = text[0] != '\0' && text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
    if (strncmp(text, "min(", 4) == 0) {
        problem(c->report, attribute->place, "not-yet", "write two deadlines", "%s=\"min(…)\" is not run yet", attribute->name);
    } else if (name && text[0] != '-' && duration_parse(text, strlen(text), &duration, NULL) != GUAN_OK &&
               (text[0] != 'P' || strchr(text, '-') != NULL)) {
        if (c->options->catalogue == NULL) return text;
        const struct parameter *parameter = parameter_of(c, attribute);
        if (parameter != NULL && !due_value_parses(parameter->value))
            problem(c->report, attribute->place, "bad-duration", NULL, "the parameter %s is \"%s\", which is no length of time",
                    text, parameter->value);
    } else {
        problem(c->report, attribute->place, "bad-duration",
                "PT24H for hours, P3D for days, D-1@18:00 for a time of day, or a parameter", "%s=\"%s\" is no length of time",
                attribute->name, text);
    }
    return text;
}

/* --- one deadline ------------------------------------------------------------------------------------------------------ */

static void refuse_not_yet(struct compile *c, const struct node *node)
{
    static const char *const names[] = {"window", "every", "on", "until"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct attribute *attribute = plain(node, names[i]);
        if (attribute != NULL)
            problem(c->report, attribute->place, "not-yet", "within, before, lead, from and fromexpr are", "%s is not run yet",
                    names[i]);
    }
    const struct attribute *days = plain(node, "days");
    if (days != NULL)
        problem(c->report, days->place, "not-yet", "leave it out: days are calendar days", "days=\"%s\" is not run yet",
                days->value);
}

static enum chart_take take_of(struct compile *c, const struct node *node)
{
    static const char *const words[] = {"last", "first", "each", NULL};
    const struct attribute *take = plain(node, "take");
    enum chart_take value = word_of(c, take, words, CHART_TAKE_LAST, "unknown-take");
    if (value == CHART_TAKE_EACH)
        problem(c->report, take->place, "not-yet", "first and last are", "take=\"each\" is not run yet");
    return value;
}

static void check_due(struct compile *c, const struct node *node)
{
    const struct attribute *within = plain(node, "within"), *before = plain(node, "before"), *lead = plain(node, "lead");
    const struct attribute *from = plain(node, "from"), *fromexpr = plain(node, "fromexpr");
    if (within == NULL && before == NULL && plain(node, "window") == NULL && plain(node, "every") == NULL &&
        plain(node, "on") == NULL)
        problem(c->report, node->place, "deadline-without-due", "write within=\"PT24H\" or before=\"slot\"",
                "nothing says when this is due");
    if (within != NULL && before != NULL)
        problem(c->report, before->place, "attribute-conflict", "keep one of the two: before takes lead",
                "the deadline has both within and before");
    if (lead != NULL && before == NULL)
        problem(c->report, lead->place, "attribute-conflict", "lead is the time ahead of before", "lead is given without before");
    if (before != NULL && (from != NULL || fromexpr != NULL))
        problem(c->report, (from != NULL ? from : fromexpr)->place, "attribute-conflict", "before is the anchor",
                "the deadline has both before and %s", from != NULL ? "from" : "fromexpr");
    if (from != NULL && fromexpr != NULL)
        problem(c->report, fromexpr->place, "attribute-conflict", "keep one of the two",
                "the deadline has both from and fromexpr");
    if (plain(node, "take") != NULL && from == NULL)
        problem(c->report, plain(node, "take")->place, "attribute-conflict", "take goes with from", "take is given without from");
}

static void add_deadline(struct compile *c, const struct node *node, uint32_t state, uint32_t step, uint32_t number)
{
    const struct attribute *id = plain(node, "id"), *title = plain(node, "title"), *event = plain(node, "event");
    const struct attribute *from = plain(node, "from");
    const char *owner = step != CHART_NONE ? step_at(c, step)->id : state_at(c, state)->id;
    struct chart_deadline deadline = {.state = state, .step = step, .place = node->place};
    if (id != NULL && !is_event_name(id->value, id->length))
        problem(c->report, id->place, "bad-name", "letters, digits, - and _", "\"%s\" cannot be the id of a deadline", id->value);
    deadline.id = id != NULL ? id->value : arena_printf(c->arena, "%s.%u", owner == NULL ? "" : owner, number);
    deadline.title = title == NULL ? NULL : title->value;
    check_due(c, node);
    refuse_not_yet(c, node);
    deadline.within = due_value(c, plain(node, "within"));
    deadline.lead = due_value(c, plain(node, "lead"));
    deadline.before = expr_of(c, node, "before", CHART_EXPRESSION);
    deadline.from_expr = expr_of(c, node, "fromexpr", CHART_EXPRESSION);
    deadline.when = expr_of(c, node, "when", CHART_EXPRESSION);
    deadline.from = names_of(c, from == NULL ? NULL : from->value);
    deadline.take = take_of(c, node);
    deadline.severity = severity_of(c, node, true);
    check_event_name(c, event);
    deadline.event =
        event != NULL ? event->value : arena_printf(c->arena, "deadline.missed.%s", deadline.id == NULL ? "" : deadline.id);
    deadline.clauses = clauses_of(c, plain(node, "clause"));
    *(struct chart_deadline *)list_add(c, &c->deadlines) = deadline;
    *(const struct node **)list_add(c, &c->deadline_nodes) = node;
}

struct chart_span compile_deadlines(struct compile *c, const struct node *node, uint32_t state, uint32_t step)
{
    struct chart_span span = {c->deadlines.count, 0};
    for (const struct node *child = node->first; (child = node_child(child, TAG_DEADLINE)) != NULL; child = child->next)
        add_deadline(c, child, state, step, ++span.count);
    return span;
}

/* --- anchors, once all steps are known --------------------------------------------------------------------------------- */

static bool some_transition_takes(const struct compile *c, const char *event)
{
    const struct chart_descriptor *descriptors = c->descriptors.items;
    size_t length = strlen(event);
    for (uint32_t i = 0; i < c->descriptors.count; i++)
        if (descriptors[i].length > 0 && chart_descriptor_matches(&descriptors[i], event, length)) return true;
    return false;
}

static void check_anchor(struct compile *c, const struct attribute *from, const char *name)
{
    if (name == NULL || find_step(c, name) != CHART_NONE || some_transition_takes(c, name)) return;
    if (strchr(name, '.') != NULL) return; /* P.S: the bundle knows the other flows */
    struct guess guess = {.word = name};
    guess_step(c, &guess);
    problem(c->report, from->place, "unknown-anchor",
            guess_hint(&guess, c->arena, "an anchor is a step, an event or PROCESS.STEP"),
            "from names \"%s\", which is neither a step nor an event of this document", name);
}

void check_deadline_anchors(struct compile *c)
{
    uint32_t count = c->deadlines.count;
    struct id_entry *ids = arena_alloc(c->arena, count * sizeof *ids);
    if (ids == NULL) return;
    for (uint32_t i = 0; i < count; i++) {
        const struct chart_deadline *deadline = deadline_at(c, i);
        const struct attribute *from = plain(node_at(&c->deadline_nodes, i), "from");
        for (uint32_t k = 0; k < deadline->from.count; k++) check_anchor(c, from, deadline->from.items[k]);
        ids[i] = (struct id_entry){deadline->id == NULL ? "" : deadline->id, i};
    }
    sort_ids(ids, count);
    for (uint32_t i = 1; i < count; i++)
        if (strcmp(ids[i].id, ids[i - 1].id) == 0)
            problem(c->report, deadline_at(c, ids[i].index)->place, "duplicate-deadline", "give one of them another id",
                    "the deadline \"%s\" stands in line %u already", ids[i].id, deadline_at(c, ids[i - 1].index)->place.line);
}
