/* audit coverage: from each clause to the flows, the stories and the cases. */
#include "answer.h"
#include "coverage.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- stories ---------------------------------------------------------------------------------------------------------------- */

struct files {
    const char **items;
    size_t count, capacity;
};

static bool add_file(struct cli *cli, struct files *files, const char *name)
{
    if (files->count == files->capacity) {
        size_t capacity = files->capacity ? files->capacity * 2 : 64;
        const char **items = scratch_take(cli, capacity * sizeof *items);
        if (!items) return false;
        if (files->count) memcpy(items, files->items, files->count * sizeof *items);
        files->items = items;
        files->capacity = capacity;
    }
    files->items[files->count++] = name;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All *.story of a folder, by name. */
static bool add_folder(struct cli *cli, struct files *files, const char *path)
{
    size_t first = files->count;
    DIR *folder = opendir(path);
    if (!folder) return false;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || length < 7 || strcmp(entry->d_name + length - 6, ".story") != 0) continue;
        if (!add_file(cli, files, say(cli, "%s/%s", path, entry->d_name))) break;
    }
    closedir(folder);
    if (files->count > first) qsort(files->items + first, files->count - first, sizeof *files->items, by_name);
    return true;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Those of --stories, else those beside the processes. */
static int find_stories(struct cli *cli, const char *dir, struct files *files)
{
    size_t count;
    const char *const *given = option_values(cli, 'z', &count);
    for (size_t i = 0; given && i < count; i++) {
        if (!is_folder(given[i])) add_file(cli, files, given[i]);
        else if (!add_folder(cli, files, given[i])) return usage_error(cli, _("%s cannot be read"), safe(cli, given[i]));
    }
    if (!given && dir) add_folder(cli, files, say(cli, "%s/tests/stories", dir));
    return cli->failed ? GUAN_FAILED : GUAN_OK;
}

/* --- words ------------------------------------------------------------------------------------------------------------------ */

const char *coverage_status(const char *status, bool stories)
{
    static const char *const words[][2] = {{"exercised", N_("exercised")},
                                           {"encoded", N_("not exercised")},
                                           {"missing", N_("not encoded")},
                                           {"untestable", N_("not testable")}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], status) == 0) return !stories && i == 1 ? _("encoded") : _(words[i][1]);
    return "";
}

const char *coverage_kind(const char *kind)
{
    static const char *const words[][2] = {{"step", N_("required step")},   {"option", N_("optional step")},
                                           {"field", N_("data field")},     {"time", N_("time limit")},
                                           {"frequency", N_("frequency")},  {"prohibition", N_("prohibition")},
                                           {"role", N_("role, authority")}, {"order", N_("order, gate")},
                                           {"evidence", N_("evidence")},    {"aim", N_("aim")},
                                           {"heading", N_("heading")}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], kind) == 0) return _(words[i][1]);
    return kind;
}

const char *coverage_place(struct cli *cli, const json_t *place)
{
    const char *process = text_at(place, "process"), *kind = text_at(place, "kind"), *id = text_at(place, "id");
    if (strcmp(kind, "process") == 0) return process;
    bool inside = strcmp(kind, "state") == 0 || strcmp(kind, "transition") == 0;
    bool timed = strcmp(kind, "deadline") == 0 || strcmp(kind, "rule") == 0;
    return say(cli, "%s%s%s", process, inside ? "/" : timed ? ":" : ".", id);
}

const char *coverage_percent(struct cli *cli, const json_t *tally, const char *key)
{
    json_int_t of = number_at(tally, "testable");
    return of ? say(cli, "%lld %%", (long long)(number_at(tally, key) * 100 / of)) : "";
}

/* --- text ------------------------------------------------------------------------------------------------------------------- */

/* The first two, and how many more. */
static const char *some(struct cli *cli, const json_t *list, bool places)
{
    const char *all = "";
    size_t i, count = json_array_size(list);
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (i == 2) return say(cli, "%s +%zu", all, count - i);
        all = say(cli, "%s%s%s", all, i ? " " : "", places ? coverage_place(cli, item) : json_string_value(item));
    }
    return all;
}

static enum style status_style(const char *status)
{
    if (strcmp(status, "exercised") == 0) return GOOD;
    if (strcmp(status, "missing") == 0) return BAD;
    return strcmp(status, "encoded") == 0 ? WARN : DIM;
}

static void put_clause(struct cli *cli, struct grid *grid, const json_t *row, bool store, bool told)
{
    static const char *const figures[] = {"done", "late", "missed", "waived", "other"};
    const char *status = text_at(row, "status"), *title = title_at(row), *why = title_text(text_at(row, "why"));
    const json_t *stands = json_object_get(row, "stands");
    bool heading = strcmp(status, "heading") == 0;
    grid_put(grid, heading ? BOLD : PLAIN, text_at(row, "clause"));
    grid_put(grid, status_style(status), coverage_status(status, told));
    grid_put(grid, PLAIN, some(cli, json_object_get(row, "encoded"), true));
    if (told) grid_put(grid, PLAIN, some(cli, json_object_get(row, "stories"), false));
    for (size_t i = 0; store && i < sizeof figures / sizeof *figures; i++) {
        json_int_t figure = number_at(stands, figures[i]);
        grid_put(grid, PLAIN, figure ? say(cli, "%lld", (long long)figure) : "");
    }
    grid_put(grid, heading ? BOLD : PLAIN, *why ? say(cli, _("%s: %s"), title, why) : title);
}

static void print_clauses(struct cli *cli, const json_t *values, bool store, bool told)
{
    const char *const heads[] = {_("clause"), "",          _("where"),  _("stories"), _("done"),
                                 _("late"),   _("missed"), _("waived"), _("other"),   _("title")};
    struct grid *grid = grid_new(cli, (store ? 10u : 5u) - !told);
    size_t i;
    json_t *row;
    for (i = 0; i < 10; i++)
        if ((store || i < 4 || i == 9) && (told || i != 3)) grid_put(grid, DIM, heads[i]);
    json_array_foreach(values, i, row)
    {
        if (json_object_get(row, "clause")) put_clause(cli, grid, row, store, told);
    }
    grid_print(grid, 0);
    grid_free(grid);
}

static void put_tally(struct cli *cli, struct grid *grid, enum style style, const char *name, const json_t *tally)
{
    static const char *const figures[] = {"testable", "encoded", "exercised"};
    bool told = json_object_get(tally, "exercised");
    grid_put(grid, style, name);
    for (size_t i = 0; i < (told ? 3u : 2u); i++)
        grid_put(grid, style, say(cli, "%lld", (long long)number_at(tally, figures[i])));
    grid_put(grid, style, coverage_percent(cli, tally, told ? "exercised" : "encoded"));
    grid_put(grid, style, title_at(tally));
}

/* A story that fails shows nothing: what it alone would exercise is missing above. */
static void print_failed(struct cli *cli, const json_t *stories)
{
    size_t i;
    json_t *story;
    json_array_foreach(stories, i, story)
    {
        if (true_at(story, "ok")) continue;
        const char *text = text_at(story, "text");
        print(cli, BAD, "%s", _("this story fails and does not count: "));
        printf("%s%s%s\n", safe(cli, text_at(story, "name")), *text ? ": " : "", safe(cli, text));
    }
}

static void print_summary(struct cli *cli, const json_t *summary)
{
    const char *const heads[] = {_("standard"), _("testable"), _("encoded"), _("exercised"), _("percent"), _("title")};
    const json_t *standards = json_object_get(summary, "standards"), *gaps = json_object_get(summary, "gaps");
    bool told = json_object_get(summary, "exercised");
    struct grid *grid = grid_new(cli, told ? 6 : 5);
    size_t i;
    json_t *row;
    for (i = 0; i < 6; i++)
        if (told || i != 3) grid_put(grid, DIM, heads[i]);
    json_array_foreach(standards, i, row) put_tally(cli, grid, PLAIN, text_at(row, "id"), row);
    if (json_array_size(standards) > 1) put_tally(cli, grid, BOLD, _("all"), summary);
    putchar('\n');
    grid_print(grid, 0);
    grid_free(grid);
    if (!told) print(cli, WARN, "%s\n", _("no stories found: give --stories DIR"));
    print_failed(cli, json_object_get(summary, "stories"));
    if (json_array_size(gaps) == 0) {
        print(cli, GOOD, "%s\n", _("no gaps in the standards and in law"));
        return;
    }
    print(cli, BAD, "%s",
          say(cli, told ? _("%zu not encoded or not exercised: ") : _("%zu not encoded: "), json_array_size(gaps)));
    printf("%s\n", list_at(cli, summary, "gaps", " "));
}

static const json_t *summary_of(const json_t *values)
{
    return json_object_get(json_array_get(values, json_array_size(values) - 1), "summary");
}

static void render_all(struct cli *cli, const json_t *values)
{
    const json_t *summary = json_array_size(values) ? summary_of(values) : NULL;
    if (!summary) return;
    if (!option_given(cli, 'o')) print_clauses(cli, values, true_at(summary, "store"), json_object_get(summary, "exercised"));
    print_summary(cli, summary);
}

/* --- the command ------------------------------------------------------------------------------------------------------------ */

/* A store that was named has to be there; the default one may be. */
static int store_if_any(struct cli *cli, struct guan_error *error)
{
    bool named = option_given(cli, 's') || getenv("GUAN_STORE");
    if (!named && access(store_name(cli), F_OK) != 0) return GUAN_OK;
    return open_store(cli, error);
}

int cmd_coverage(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    struct files files = {0};
    const char *dir = bundle_above(cli, ".");
    if (option_given(cli, 'o') && cli->json) return usage_error(cli, "%s", _("either --json or -o FILE"));
    int code = find_stories(cli, dir, &files);
    if (code != GUAN_OK) return code;
    const struct guan_coverage what = {
        .dir = dir, .stories = files.items, .story_count = files.count, .clause = cli->arg_count > 0 ? cli->args[0] : NULL};
    answer_start(&answer, cli, true, NULL);
    code = store_if_any(cli, &error);
    if (code == GUAN_OK && !dir && !cli->guan) code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_coverage(cli->guan, &what, &answer.sink, &error);
    const char *file = option_value(cli, 'o');
    int page = file && code <= GUAN_NO && answer.count ? coverage_page(cli, answer.values, file) : GUAN_OK;
    code = answer_finish(&answer, code, &error, render_all);
    return page != GUAN_OK ? page : code;
}
