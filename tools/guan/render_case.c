/* list, find, show, log. */
#include "render.h"

#include <stdlib.h>
#include <string.h>

void render_list(struct cli *cli, const json_t *values)
{
    struct grid *grid = grid_new(cli, 6);
    const char *const heads[] = {_("case"), _("customer"), _("phase"), _("owner"), _("next due"), _("what")};
    for (size_t i = 0; i < 6; i++) grid_put(grid, DIM, heads[i]);
    size_t i;
    json_t *row;
    json_array_foreach(values, i, row)
    {
        bool ended = true_at(row, "ended");
        enum style style = ended ? DIM : PLAIN, due_style;
        const char *customer = text_at(row, "customer"), *phase = text_at(row, "phase");
        const char *due = due_short(cli, text_at(row, "now_local"), row, &due_style);
        grid_put(grid, style, text_at(row, "case"));
        grid_put(grid, style, *customer ? customer : masked(cli, text_at(row, "key")));
        grid_put(grid, style, ended ? _("ended") : *phase ? title_text(phase) : text_at(row, "process"));
        grid_put(grid, style, text_at(row, "owner"));
        grid_put(grid, ended ? DIM : due_style, due);
        grid_put(grid, style, title_text(text_at(row, "what")));
    }
    if (json_array_size(values) > 0) grid_print(grid, 0);
    else printf("%s\n", _("no cases"));
    grid_free(grid);
}

static void print_pairs(struct cli *cli, const json_t *value)
{
    struct grid *grid = grid_new(cli, 2);
    const char *const rows[][2] = {{_("case"), text_at(value, "case")},
                                   {_("key"), text_at(value, "key")},
                                   {_("process"), *title_at(value) ? title_at(value) : text_at(value, "process")},
                                   {_("dealer"), text_at(value, "dealer")},
                                   {_("owner"), text_at(value, "owner")}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!*rows[i][1]) continue;
        grid_put(grid, DIM, rows[i][0]);
        grid_put(grid, PLAIN, rows[i][1]);
    }
    size_t i;
    json_t *party;
    json_array_foreach(json_object_get(value, "parties"), i, party)
    {
        grid_put(grid, DIM, i == 0 ? _("persons") : "");
        grid_put(grid, PLAIN, say(cli, "%s  %s  %s", text_at(party, "name"), text_at(party, "role"), text_at(party, "id")));
    }
    grid_put(grid, DIM, _("entries"));
    grid_put(grid, PLAIN, say(cli, "%" JSON_INTEGER_FORMAT, number_at(value, "entries")));
    grid_print(grid, 0);
    grid_free(grid);
}

static void print_sessions(struct cli *cli, const json_t *sessions)
{
    struct grid *grid = grid_new(cli, 3);
    size_t i;
    json_t *session;
    json_array_foreach(sessions, i, session)
    {
        bool ended = true_at(session, "ended");
        grid_put(grid, ended ? DIM : GOOD, ended ? "■" : "▶");
        grid_put(grid, ended ? DIM : PLAIN, text_at(session, "session"));
        grid_put(grid, ended ? DIM : PLAIN, say(cli, "%s%s", place_of(cli, session), ended ? _("  (ended)") : ""));
    }
    if (i > 0) print(cli, BOLD, "%s\n", _("where it stands"));
    grid_print(grid, 2);
    grid_free(grid);
}

static void print_deadlines(struct cli *cli, const json_t *deadlines)
{
    struct grid *grid = grid_new(cli, 3);
    size_t i;
    json_t *deadline;
    json_array_foreach(deadlines, i, deadline)
    {
        const char *title = title_at(deadline), *step = text_at(deadline, "step");
        enum style style;
        const char *due = due_shown(cli, deadline, &style);
        grid_put(grid, style, due);
        grid_put(grid, PLAIN, *title ? title : text_at(deadline, "id"));
        grid_put(grid, DIM, *step ? step_id(cli, process_of(cli, deadline), step) : "");
    }
    if (i > 0) print(cli, BOLD, "%s\n", _("deadlines"));
    grid_print(grid, 2);
    grid_free(grid);
}

void render_show(struct cli *cli, const json_t *values)
{
    const json_t *value = json_array_get(values, 0), *findings = json_object_get(value, "findings");
    print_pairs(cli, value);
    print_sessions(cli, json_object_get(value, "sessions"));
    print_deadlines(cli, json_object_get(value, "deadlines"));
    if (json_array_size(findings) > 0) print(cli, BOLD, "%s\n", _("findings"));
    print_findings(cli, findings, 2);
}

/* The plain fields of a record, as they were typed. */
static const char *form_shown(struct cli *cli, const json_t *form)
{
    const char *all = "", *name;
    json_t *value;
    json_object_foreach((json_t *)form, name, value)
    {
        char *dump = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        all = say(cli, "%s %s=%s", all, name, json_is_string(value) ? json_string_value(value) : dump ? dump : "?");
        free(dump);
    }
    return all;
}

static const char *finding_shown(struct cli *cli, const json_t *entry)
{
    const char *step = text_at(entry, "step"), *title = title_at(entry), *colon = *step ? _(": ") : "";
    return say(cli, "%s %s%s%s%s%s%s%s", text_at(entry, "fid"), code_name(text_at(entry, "code")), _(", "),
               severity_name(text_at(entry, "severity")), _(", "), status_name(text_at(entry, "status")), colon,
               *title ? title : step);
}

static const char *move_shown(struct cli *cli, const json_t *entry)
{
    const char *from = list_at(cli, entry, "from", "+"), *to = list_at(cli, entry, "to", "+");
    return say(cli, "%s  %s%s→ %s", text_at(entry, "sess"), from, *from ? " " : "", to);
}

static const char *what_of(struct cli *cli, const json_t *entry)
{
    const char *kind = text_at(entry, "kind"), *title = title_at(entry), *name = text_at(entry, "step");
    if (strcmp(kind, "finding") == 0) return finding_shown(cli, entry);
    if (strcmp(kind, "transition") == 0) return move_shown(cli, entry);
    if (!*name) name = text_at(entry, "event");
    const char *id = *name ? step_id(cli, process_of(cli, entry), name) : *title ? "" : text_at(entry, "sess");
    return say(cli, "%s%s%s%s", title, *title && *id ? "  " : "", id, form_shown(cli, json_object_get(entry, "form")));
}

/* What it was, and by which clauses, in one cell: so the clauses do not push the words off the screen. */
static const char *line_of(struct cli *cli, const json_t *entry)
{
    const char *clauses = list_at(cli, entry, "clause", " "), *code = text_at(entry, "code");
    if (!*clauses && !*code) return what_of(cli, entry);
    return say(cli, "%s  [%s%s%s]", what_of(cli, entry), code, *code && *clauses ? " " : "", clauses);
}

static const char *local_of(struct cli *cli, const json_t *entry)
{
    const char *local = text_at(entry, "local");
    if (!*local) return time_at(cli, entry, "at", true);
    return strlen(local) >= 19 && local[10] == 'T' ? say(cli, "%.10s %.8s", local, local + 11) : local;
}

/* The findings that stand on an entry: " ⚑F2". */
static const char *flags_of(struct cli *cli, const json_t *values, json_int_t n)
{
    const char *all = "";
    size_t i, k;
    json_t *entry, *ref;
    json_array_foreach(values, i, entry) json_array_foreach(json_object_get(entry, "refs"), k, ref)
    {
        if (json_integer_value(ref) != n) continue;
        const char *flag = say(cli, " ⚑%s ", text_at(entry, "fid"));
        if (!strstr(all, flag)) all = say(cli, "%s%s", all, flag);
    }
    return all;
}

void render_log(struct cli *cli, const json_t *values)
{
    struct grid *grid = grid_new(cli, 5);
    size_t i;
    json_t *entry;
    json_array_foreach(values, i, entry)
    {
        const char *kind = text_at(entry, "kind"), *who = text_at(entry, "who");
        bool followed = strcmp(kind, "transition") == 0; /* what came of the entry before */
        enum style style = strcmp(kind, "refuse") == 0    ? BAD
                           : strcmp(kind, "finding") == 0 ? severity_style(text_at(entry, "severity"))
                           : followed                     ? DIM
                                                          : PLAIN;
        grid_put(grid, DIM, say(cli, "%" JSON_INTEGER_FORMAT, number_at(entry, "n")));
        grid_put(grid, DIM, local_of(cli, entry));
        grid_put(grid, style, kind_name(kind));
        grid_put(grid, followed ? DIM : PLAIN, *who ? who : text_at(entry, "actor"));
        grid_put(grid, style, say(cli, "%s%s", line_of(cli, entry), flags_of(cli, values, number_at(entry, "n"))));
    }
    grid_print(grid, 0);
    grid_free(grid);
}
