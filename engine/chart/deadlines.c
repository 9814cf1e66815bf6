/* Deadlines: when a step is due, counted from what, how often. */
#include "chart/compile.h"

#include <string.h>

/* --- what goes with what ----------------------------------------------------------------------------------------------- */

static void conflict(struct compile *c, const struct attribute *attribute, const char *rule, const char *hint, const char *text)
{
    problem(c->report, attribute->place, rule, hint, "%s", text);
}

static void check_due(struct compile *c, const struct node *node, bool recurs)
{
    const struct attribute *within = plain(node, "within"), *before = plain(node, "before"), *lead = plain(node, "lead");
    const struct attribute *window = plain(node, "window");
    if (within == NULL && before == NULL && window == NULL && !recurs)
        problem(c->report, node->place, "deadline-without-due", "write within=\"PT24H\" or before=\"slot\"",
                "nothing says when this is due");
    if (within != NULL && before != NULL)
        conflict(c, before, "attribute-conflict", "keep one of the two: before takes lead",
                 "the deadline has both within and before");
    if (window != NULL && (within != NULL || before != NULL))
        problem(c->report, window->place, "window-and-due", "the end of the window is when it is due: keep one of the two",
                "the deadline has both window and %s", within != NULL ? "within" : "before");
    if (lead != NULL && before == NULL)
        conflict(c, lead, "attribute-conflict", "lead is the time ahead of before", "lead is given without before");
}

/* Where it recurs, the anchor starts the series and `before` is each time's own. */
static void check_from(struct compile *c, const struct node *node, bool recurs)
{
    const struct attribute *from = plain(node, "from"), *fromexpr = plain(node, "fromexpr"), *take = plain(node, "take");
    const struct attribute *before = plain(node, "before");
    if (before != NULL && !recurs && (from != NULL || fromexpr != NULL))
        problem(c->report, (from != NULL ? from : fromexpr)->place, "attribute-conflict", "before is the anchor",
                "the deadline has both before and %s", from != NULL ? "from" : "fromexpr");
    if (from != NULL && fromexpr != NULL)
        conflict(c, fromexpr, "attribute-conflict", "keep one of the two", "the deadline has both from and fromexpr");
    if (take != NULL && from == NULL)
        conflict(c, take, "attribute-conflict", "take goes with from", "take is given without from");
}

static bool is_word_of(const struct attribute *attribute, const char *word)
{
    return attribute != NULL && strcmp(attribute->value, word) == 0;
}

static void check_recurrence(struct compile *c, const struct node *node, uint32_t step)
{
    const struct attribute *every = plain(node, "every"), *on = plain(node, "on"), *until = plain(node, "until");
    const struct attribute *window = plain(node, "window"), *take = plain(node, "take");
    const struct attribute *again = every != NULL ? every : on;
    bool each = is_word_of(take, "each");
    if (every != NULL && on != NULL)
        conflict(c, on, "every-and-on", "write two deadlines", "the deadline recurs both by every and by on");
    if (until != NULL && again == NULL)
        conflict(c, until, "until-without-every", "until ends what recurs: add every or on, or delete it",
                 "until is given without every and on");
    if (is_word_of(window, "during") && on == NULL)
        conflict(c, window, "during-without-on", "add on=\"…\", the calendar whose times are meant",
                 "window=\"during\" is given without on");
    if (each && again != NULL)
        problem(c->report, take->place, "each-and-every", "take=\"last\", or leave out the other",
                "take=\"each\" recurs by its anchor, %s by the calendar", again->name);
    if (window != NULL && step == CHART_NONE)
        conflict(c, window, "window-without-step", "put the deadline into the step", "nothing can be too early in a state");
    if (step == CHART_NONE || (again == NULL && !each)) return;
    const struct node *owner = node_at(&c->step_nodes, step);
    if (!step_at(c, step)->repeat && plain(owner, "per") == NULL)
        problem(c->report, (again != NULL ? again : take)->place, "owed-again", "write repeat=\"yes\" on the step",
                "the step \"%s\" can be done once, but is owed again and again", step_at(c, step)->id);
}

/* --- one deadline ------------------------------------------------------------------------------------------------------ */

static bool work_of(struct compile *c, const struct node *node)
{
    static const char *const words[] = {"work", NULL};
    const struct attribute *days = plain(node, "days"), *window = plain(node, "window");
    if (days == NULL || word_of(c, days, words, 1, "unknown-days") != 0) return false;
    bool counts = plain(node, "within") != NULL || plain(node, "lead") != NULL || window != NULL;
    if (!counts || is_word_of(window, "during"))
        conflict(c, days, "work-days", "days=\"work\" goes with within, lead and window", "there are no days to count here");
    return true;
}

static const char *window_of(struct compile *c, const struct node *node, bool work)
{
    const struct attribute *window = plain(node, "window");
    if (is_word_of(window, "during")) return window->value;
    return due_of(c, window, work ? DUE_WORK_WINDOW : DUE_WINDOW, NULL);
}

static const char *calendar_of(struct compile *c, const struct node *node)
{
    const struct attribute *on = plain(node, "on");
    if (on != NULL && !is_id(on->value))
        problem(c->report, on->place, "bad-name", "the name of a file processes/calendars/<name>.ics, without .ics",
                "\"%s\" is not the name of a calendar", on->value);
    return on == NULL ? NULL : on->value;
}

/* When it is due. */
static void read_due(struct compile *c, const struct node *node, struct chart_deadline *deadline)
{
    bool recurs = plain(node, "every") != NULL || plain(node, "on") != NULL;
    check_due(c, node, recurs);
    check_from(c, node, recurs);
    check_recurrence(c, node, deadline->step);
    deadline->work = work_of(c, node);
    deadline->within = due_of(c, plain(node, "within"), deadline->work ? DUE_WORK : DUE_TERM, &deadline->within_key);
    deadline->lead = due_of(c, plain(node, "lead"), deadline->work ? DUE_WORK : DUE_TERM, NULL);
    deadline->window = window_of(c, node, deadline->work);
    deadline->every = due_of(c, plain(node, "every"), DUE_EVERY, NULL);
    deadline->on = calendar_of(c, node);
    deadline->until = due_of(c, plain(node, "until"), DUE_SPAN, NULL);
    deadline->remind = due_of(c, plain(node, "remind"), DUE_SPAN, NULL);
}

static void add_deadline(struct compile *c, const struct node *node, uint32_t state, uint32_t step, uint32_t number)
{
    static const char *const takes[] = {"last", "first", "each", NULL};
    const struct attribute *id = plain(node, "id"), *title = plain(node, "title"), *event = plain(node, "event");
    const struct attribute *from = plain(node, "from");
    const char *owner = step != CHART_NONE ? step_at(c, step)->id : state_at(c, state)->id;
    struct chart_deadline deadline = {.state = state, .step = step, .place = node->place};
    if (id != NULL && !is_event_name(id->value, id->length))
        problem(c->report, id->place, "bad-name", "letters, digits, - and _", "\"%s\" cannot be the id of a deadline", id->value);
    deadline.id = id != NULL ? id->value : arena_printf(c->arena, "%s.%u", owner == NULL ? "" : owner, number);
    deadline.title = title == NULL ? NULL : title->value;
    read_due(c, node, &deadline);
    deadline.before = expr_of(c, node, "before", CHART_EXPRESSION);
    deadline.from_expr = expr_of(c, node, "fromexpr", CHART_EXPRESSION);
    deadline.when = expr_of(c, node, "when", CHART_EXPRESSION);
    deadline.from = names_of(c, from == NULL ? NULL : from->value);
    deadline.take = word_of(c, plain(node, "take"), takes, CHART_TAKE_LAST, "unknown-take");
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

void check_anchor(struct compile *c, const struct attribute *attribute, const char *name)
{
    if (name == NULL || find_step(c, name) != CHART_NONE || some_transition_takes(c, name)) return;
    if (strchr(name, '.') != NULL) return; /* P.S: the bundle knows the other flows */
    struct guess guess = {.word = name};
    guess_step(c, &guess);
    problem(c->report, attribute->place, "unknown-anchor", guess_hint(&guess, c->arena, "write a step, an event or PROCESS.STEP"),
            "%s names \"%s\", which is neither a step nor an event of this document", attribute->name, name);
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
