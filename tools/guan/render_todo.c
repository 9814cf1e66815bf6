/* `todo`: for the person at the counter. What is open, what to type, what it lacks, how much time is left. */
#include "render.h"

#include <string.h>

/* What to type for a field: `channel=showroom|exhibition`, `[odo=‹里程›]`. */
static const char *field_shown(struct cli *cli, const json_t *field)
{
    if (json_is_string(field)) return say(cli, "%s=…", json_string_value(field));
    const char *type = text_at(field, "type"), *choices = list_at(cli, field, "of", "|");
    if (!*choices && (strcmp(type, "boolean") == 0 || strcmp(type, "yes") == 0)) choices = "yes|no";
    const char *value = *choices ? choices : say(cli, "‹%s›", safe(cli, text_at(field, "title")));
    bool required = true_at(field, "required");
    return say(cli, "%s%s=%s%s", required ? "" : "[", text_at(field, "name"), value, required ? "" : "]");
}

/* A prerequisite by its title, if the same session offers it. */
static const char *title_of(const json_t *session, const char *step)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(session, "todo"), i, item)
    {
        if (strcmp(text_at(item, "step"), step) == 0 && *text_at(item, "title")) return text_at(item, "title");
    }
    return step;
}

static const char *lacks_shown(struct cli *cli, const json_t *session, const json_t *item)
{
    const char *all = "";
    size_t i;
    json_t *field, *before;
    const json_t *fields = json_object_get(item, "fields");
    json_array_foreach(json_object_get(item, "after"), i, before)
    {
        const char *title = title_of(session, json_is_string(before) ? json_string_value(before) : text_at(before, "title"));
        all = i == 0 ? say(cli, _("first %s"), title) : say(cli, "%s%s%s", all, _(", "), title);
    }
    json_array_foreach(fields ? fields : json_object_get(item, "missing"), i, field) all =
        say(cli, "%s%s%s", all, *all ? " " : "", field_shown(cli, field));
    return all;
}

static void put_item(struct cli *cli, struct grid *grid, const json_t *session, const json_t *item)
{
    bool done = true_at(item, "done"), event = true_at(item, "event"), required = true_at(item, "required");
    const char *process = text_at(item, "process"), *step = text_at(item, "step");
    if (!*process) process = text_at(session, "process");
    enum style text = done ? DIM : PLAIN, due_style;
    const char *due = done ? "" : due_shown(cli, item, &due_style);
    grid_put(grid, done ? GOOD : PLAIN, done ? "✔" : event ? "→" : required ? "□" : "○");
    grid_put(grid, done || !required ? text : BOLD, text_at(item, "title"));
    grid_put(grid, text, step_id(cli, process, step));
    grid_put(grid, done ? DIM : due_style, due);
    grid_put(grid, DIM, list_at(cli, item, "clause", " "));
    grid_put(grid, DIM, list_at(cli, item, json_object_get(item, "roles") ? "roles" : "role", " "));
    grid_put(grid, text, done ? "" : lacks_shown(cli, session, item));
}

/* Required steps first, then the optional ones, then events, each under its heading. */
static void put_group(struct cli *cli, struct grid *grid, const json_t *session, int group, const char *heading)
{
    bool headed = false;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(session, "todo"), i, item)
    {
        int of = true_at(item, "event") ? 2 : true_at(item, "required") ? 0 : 1;
        if (of != group) continue;
        if (!headed) grid_line(grid, DIM, say(cli, "  %s", heading));
        headed = true;
        put_item(cli, grid, session, item);
    }
}

static void print_head(struct cli *cli, const json_t *value)
{
    const char *who = list_at(cli, value, "parties", _(", ")), *key = safe(cli, text_at(value, "key"));
    size_t i;
    json_t *party;
    json_array_foreach(json_object_get(value, "parties"), i, party)
    {
        const char *one = safe(cli, text_at(party, "name"));
        who = i == 0 ? one : say(cli, "%s%s%s", who, _(", "), one);
    }
    print(cli, BOLD, "%s", *who ? who : *key ? key : safe(cli, text_at(value, "case")));
    printf("  %s", safe(cli, text_at(value, "case")));
    const char *now = time_at(cli, value, "now", false);
    if (*now) print(cli, DIM, "  %s", say(cli, _("as of %s"), now));
    putchar('\n');
}

void render_todo(struct cli *cli, const json_t *values)
{
    const json_t *value = json_array_get(values, 0);
    print_head(cli, value);
    struct grid *grid = grid_new(cli, 7);
    size_t i, offered = 0;
    json_t *session;
    json_array_foreach(json_object_get(value, "sessions"), i, session)
    {
        grid_line(grid, BOLD, place_of(cli, session));
        offered += json_array_size(json_object_get(session, "todo"));
        put_group(cli, grid, session, 0, _("required"));
        put_group(cli, grid, session, 1, _("may be done"));
        put_group(cli, grid, session, 2, _("may happen"));
    }
    grid_print(grid, 2);
    grid_free(grid);
    if (offered == 0) printf("%s\n", _("nothing is open"));
}
