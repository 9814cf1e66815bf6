/* `todo`: the consultant's page. Who the customer is, where she stands, what comes next and what it takes, what is late, and the
 * command to type. What is urgent stands first, over all flows of the case. */
#include "render.h"
#include "todo_items.h"
#include "width.h"

#include <stdint.h>
#include <string.h>

#define REST_SHOWN 12 /* of what may be done, without --all */

/* --- the head ----------------------------------------------------------------------------------------------------------------
 */

static const char *customer_of(struct cli *cli, const json_t *value)
{
    const char *who = "";
    size_t i;
    json_t *party;
    json_array_foreach(json_object_get(value, "parties"), i, party)
    {
        const char *one = safe(cli, text_at(party, "name"));
        who = i == 0 ? one : say(cli, "%s%s%s", who, _(", "), one);
    }
    if (!*who) who = masked(cli, text_at(value, "key"));
    return *who ? who : safe(cli, text_at(value, "case"));
}

/* Numbers to call, as far as others at the counter may see them. */
static const char *numbers_of(struct cli *cli, const json_t *value)
{
    const char *all = "";
    size_t i;
    json_t *contact;
    json_array_foreach(json_object_get(value, "contacts"), i, contact)
    {
        const char *number = masked(cli, text_at(contact, "value"));
        if (strchr(number, '*')) all = say(cli, "%s%s%s", all, *all ? " " : "", number);
    }
    return all;
}

static void print_head(struct cli *cli, const json_t *value)
{
    const char *numbers = numbers_of(cli, value), *now = time_at(cli, value, "now", false), *owner = text_at(value, "owner");
    const json_t *sessions = json_object_get(value, "sessions");
    size_t i;
    json_t *session;
    print(cli, BOLD, "%s", customer_of(cli, value));
    if (*numbers) printf("  %s", numbers);
    print(cli, DIM, "  %s", safe(cli, text_at(value, "case")));
    if (*now) print(cli, DIM, "  %s", say(cli, _("as of %s"), now));
    putchar('\n');
    json_array_foreach(sessions, i, session)
    {
        const char *place = place_of(cli, session);
        if (i == 0) printf("%s", place);
        else print(cli, GOOD, "  ▶ ");
        if (i > 0) printf("%s", place);
        if (i == 0 && *owner) print(cli, DIM, "  %s", say(cli, _("owner: %s"), safe(cli, owner)));
        putchar('\n');
    }
}

/* --- what a step takes -------------------------------------------------------------------------------------------------------
 */

/* Title and what to type: `渠道 channel=showroom|exhibition`, `[里程 odo]`. */
static const char *field_shown(struct cli *cli, const json_t *field)
{
    if (json_is_string(field)) return safe(cli, json_string_value(field));
    const char *type = text_at(field, "type"), *choices = choices_at(cli, field, "|"), *title = safe(cli, title_at(field));
    if (!*choices && (strcmp(type, "boolean") == 0 || strcmp(type, "yes") == 0)) choices = "yes|no";
    bool required = true_at(field, "required");
    return say(cli, "%s%s%s%s%s%s%s", required ? "" : "[", title, *title ? " " : "", safe(cli, text_at(field, "name")),
               *choices ? "=" : "", choices, required ? "" : "]");
}

static const json_t *fields_of(const json_t *item)
{
    const json_t *fields = json_object_get(item, "fields");
    return fields ? fields : json_object_get(item, "missing");
}

/* As many to a line as there is room for: one is not torn apart. */
static void put_fields(struct cli *cli, struct grid *grid, const json_t *item)
{
    const char *line = "";
    size_t i, room = cli->columns > 6 ? (size_t)cli->columns - 6 : SIZE_MAX;
    json_t *field;
    json_array_foreach(fields_of(item), i, field)
    {
        const char *shown = field_shown(cli, field), *longer = say(cli, "%s%s%s", line, *line ? "  " : "", shown);
        bool full = *line && width_of(longer, strlen(longer)) > room;
        if (full) grid_line(grid, PLAIN, say(cli, "      %s", line));
        line = full ? shown : longer;
    }
    if (*line) grid_line(grid, PLAIN, say(cli, "      %s", line));
}

static const char *roles_of(struct cli *cli, const json_t *item)
{
    const char *roles = list_at(cli, item, json_object_get(item, "roles") ? "roles" : "role", _(", "));
    const char *with = list_at(cli, item, json_object_get(item, "with_roles") ? "with_roles" : "with", _(", "));
    return *with ? say(cli, "%s %s", roles, say(cli, _("(signed too by %s)"), with)) : roles;
}

static void put_required(struct cli *cli, struct grid *grid, const json_t *value, const struct todo_item *todo)
{
    enum style due_style;
    const char *due = due_short(cli, text_at(value, "now_local"), todo->item, &due_style);
    const char *who = roles_of(cli, todo->item), *clauses = list_at(cli, todo->item, "clause", " ");
    bool late = due_style == BAD;
    grid_put(grid, late ? BAD : PLAIN, late ? "!" : "□");
    grid_put(grid, late ? BAD : BOLD, title_at(todo->item));
    grid_put(grid, PLAIN, todo->id);
    grid_put(grid, due_style, due);
    const char *line = *todo->before ? say(cli, _("first %s"), todo->before) : "";
    if (*who) line = say(cli, "%s%s%s", line, *line ? " · " : "", who);
    if (*clauses) line = say(cli, "%s%s%s", line, *line ? " · " : "", clauses);
    if (*line) grid_line(grid, DIM, say(cli, "      %s", line));
    put_fields(cli, grid, todo->item);
}

/* --- the groups --------------------------------------------------------------------------------------------------------------
 */

static void print_required(struct cli *cli, const json_t *value, const struct todo_item *items, size_t count)
{
    struct grid *grid = grid_new(cli, 4);
    for (size_t i = 0; i < count; i++)
        if (items[i].group == TODO_REQUIRED) put_required(cli, grid, value, &items[i]);
    if (count > 0 && items[0].group == TODO_REQUIRED) print(cli, BOLD, "%s\n", _("required"));
    grid_print(grid, 2);
    grid_free(grid);
}

/* Deadlines of no step. */
static void print_deadlines(struct cli *cli, const json_t *value)
{
    struct grid *grid = grid_new(cli, 3);
    size_t i, j, shown = 0;
    json_t *session, *deadline;
    json_array_foreach(json_object_get(value, "sessions"), i, session)
    {
        json_array_foreach(json_object_get(session, "deadlines"), j, deadline)
        {
            enum style style;
            const char *due = due_short(cli, text_at(value, "now_local"), deadline, &style);
            grid_put(grid, style, style == BAD ? "!" : "·");
            grid_put(grid, PLAIN, *title_at(deadline) ? title_at(deadline) : text_at(deadline, "id"));
            grid_put(grid, style, due);
            shown++;
        }
    }
    if (shown > 0) print(cli, BOLD, "%s\n", _("deadlines"));
    grid_print(grid, 2);
    grid_free(grid);
}

/* Of what may be done as many are named as one looks through: those that the acting person may do, where that is known. */
static void fold(struct cli *cli, struct todo_item *items, size_t count)
{
    bool known = false;
    size_t shown[TODO_DONE + 1] = {0};
    if (option_given(cli, 'Y')) return;
    for (size_t i = 0; i < count; i++) known = known || json_object_get(items[i].item, "mine");
    for (size_t i = 0; i < count; i++) {
        enum todo_group group = items[i].group;
        if ((group != TODO_OPTIONAL && group != TODO_EVENT) || items[i].has_due) continue;
        bool fits = !known || true_at(items[i].item, "mine");
        items[i].folded = !fits || shown[group] == REST_SHOWN;
        if (!items[i].folded) shown[group]++;
    }
}

static void put_folded(struct cli *cli, struct grid *grid, const json_t *value, const struct todo_item *items, size_t count,
                       enum todo_group group)
{
    size_t folded = 0;
    for (size_t i = 0; i < count; i++) folded += items[i].group == group && items[i].folded;
    const char *kase = safe(cli, text_at(value, "case"));
    if (folded > 0) grid_line(grid, DIM, say(cli, "  %s", say(cli, _("and %zu more: guan todo %s --all"), folded, kase)));
}

/* What has no time: one paragraph a flow, `告知 customer-info.notice · 同意 customer-info.consent`. */
static const char *in_one(struct cli *cli, const struct todo_item *items, size_t count, enum todo_group group,
                          const json_t *session)
{
    const char *all = "", *before = "";
    for (size_t i = 0; i < count; i++) {
        if (items[i].group != group || items[i].session != session || items[i].has_due || items[i].folded) continue;
        const char *title = safe(cli, title_at(items[i].item));
        bool again = *all && strcmp(title, before) == 0; /* an event of several names */
        all = again ? say(cli, "%s %s", all, items[i].id)
                    : say(cli, "%s%s%s%s%s", all, *all ? " · " : "", title, *title ? " " : "", items[i].id);
        before = title;
    }
    return all;
}

static void print_rest(struct cli *cli, const json_t *value, const struct todo_item *items, size_t count, enum todo_group group,
                       const char *heading)
{
    struct grid *timed = grid_new(cli, 4), *grid = grid_new(cli, 2);
    size_t i, shown = 0;
    json_t *session;
    for (i = 0; i < count; i++) {
        if (items[i].group != group || !items[i].has_due) continue;
        enum style style;
        const char *due = due_short(cli, text_at(value, "now_local"), items[i].item, &style);
        grid_put(timed, style, style == BAD ? "!" : "○");
        grid_put(timed, PLAIN, title_at(items[i].item));
        grid_put(timed, PLAIN, items[i].id);
        grid_put(timed, style, due);
        shown++;
    }
    json_array_foreach(json_object_get(value, "sessions"), i, session)
    {
        const char *all = in_one(cli, items, count, group, session);
        if (!*all) continue;
        grid_put(grid, DIM, *title_at(session) ? title_at(session) : text_at(session, "process"));
        grid_put(grid, PLAIN, all);
        shown++;
    }
    put_folded(cli, grid, value, items, count, group);
    for (i = 0; i < count; i++) shown += items[i].group == group && items[i].folded;
    if (shown > 0) print(cli, BOLD, "%s\n", heading);
    grid_print(timed, 2);
    grid_print(grid, 2);
    grid_free(timed);
    grid_free(grid);
}

static void print_done(struct cli *cli, const struct todo_item *items, size_t count)
{
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        if (items[i].group == TODO_DONE) all = say(cli, "%s%s%s", all, *all ? _(", ") : "", safe(cli, title_at(items[i].item)));
    if (!*all) return;
    struct grid *grid = grid_new(cli, 1);
    grid_line(grid, DIM, say(cli, "✔ %s%s", _("done: "), all));
    grid_print(grid, 0);
    grid_free(grid);
}

/* --- findings, in a line -----------------------------------------------------------------------------------------------------
 */

static void print_findings_line(struct cli *cli, const json_t *value)
{
    const char *standing = "", *refused = "";
    size_t i, open = 0, noes = 0;
    json_t *finding;
    json_array_foreach(json_object_get(value, "findings"), i, finding)
    {
        const char *title = *title_at(finding) ? title_at(finding) : text_at(finding, "step");
        bool no = strcmp(text_at(finding, "code"), "GUARD_BLOCKED") == 0 || strcmp(text_at(finding, "code"), "ROLE_DENIED") == 0;
        if (strcmp(text_at(finding, "status"), "open") == 0) {
            standing = say(cli, "%s%s%s %s %s", standing, open > 0 ? _("; ") : "", safe(cli, text_at(finding, "fid")),
                           safe(cli, title), safe(cli, code_name(text_at(finding, "code"))));
            open++;
        } else if (no) {
            refused = say(cli, "%s %s", safe(cli, title), time_at(cli, finding, "at", false));
            noes++;
        }
    }
    struct grid *grid = grid_new(cli, 1);
    if (open > 0) grid_line(grid, WARN, say(cli, _("open findings (%zu): %s"), open, standing));
    if (noes > 0) grid_line(grid, DIM, say(cli, _("refused (%zu), last: %s"), noes, refused));
    grid_print(grid, 0);
    grid_free(grid);
}

/* --- the next command --------------------------------------------------------------------------------------------------------
 */

/* Blanks and what a shell would take for its own. */
static const char *quoted(struct cli *cli, const char *text)
{
    if (!text[strcspn(text, " \t'\"\\|&;<>()$`*?[]#~!{}")]) return text;
    return strchr(text, '\'') ? say(cli, "\"%s\"", text) : say(cli, "'%s'", text);
}

/* With its fields: choices to choose from, the others to be filled in. Typed as it stands, a choice and an empty value are not
 * taken, so that nothing is recorded by mistake. */
static const char *command_of(struct cli *cli, const json_t *value, const struct todo_item *todo)
{
    const char *actor = option_value(cli, 'a');
    const char *all = say(cli, "guan%s%s do %s %s", actor ? " --as " : "", actor ? quoted(cli, safe(cli, actor)) : "",
                          safe(cli, text_at(value, "case")), todo->id);
    size_t i;
    json_t *field;
    json_array_foreach(fields_of(todo->item), i, field)
    {
        if (!json_is_object(field) || !true_at(field, "required")) continue;
        const char *choices = list_at(cli, field, "of", "|"), *type = text_at(field, "type");
        if (strcmp(type, "yes") == 0) choices = "yes";
        if (strcmp(type, "boolean") == 0) choices = "yes|no";
        if (strcmp(type, "evidence") == 0) choices = "@";
        all = say(cli, "%s %s=%s", all, safe(cli, text_at(field, "name")), quoted(cli, choices));
    }
    return all;
}

static void print_next(struct cli *cli, const json_t *value, const struct todo_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *mine = json_object_get(items[i].item, "mine");
        if (items[i].group != TODO_REQUIRED || *items[i].before || (mine && !json_is_true(mine))) continue;
        print(cli, BOLD, "%s\n", _("next:"));
        printf("  %s\n", command_of(cli, value, &items[i]));
        return;
    }
}

void render_todo(struct cli *cli, const json_t *values)
{
    const json_t *value = json_array_get(values, 0);
    size_t count;
    struct todo_item *items = todo_items(cli, value, &count);
    if (items) fold(cli, items, count);
    print_head(cli, value);
    print_required(cli, value, items, count);
    print_next(cli, value, items, count);
    print_deadlines(cli, value);
    print_rest(cli, value, items, count, TODO_OPTIONAL, _("may be done"));
    print_rest(cli, value, items, count, TODO_EVENT, _("may happen"));
    print_done(cli, items, count);
    print_findings_line(cli, value);
    if (count == 0) printf("%s\n", _("nothing is open"));
}
