/* story: runs the designers' tests and prints TAP 14, one plan over all files. */
#include "answer.h"
#include "print.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Cuts `path` to the nearest folder, itself or above, that holds `processes`. */
static bool climb(char *path)
{
    for (;;) {
        char probe[PATH_MAX + 16];
        struct stat status;
        snprintf(probe, sizeof probe, "%s/processes", path);
        if (stat(probe, &status) == 0 && S_ISDIR(status.st_mode)) return true;
        char *slash = strrchr(path, '/');
        if (!slash || slash == path) return false;
        *slash = '\0';
    }
}

const char *bundle_above(struct cli *cli, const char *file)
{
    char path[PATH_MAX];
    return realpath(file, path) && climb(path) ? say(cli, "%s", path) : NULL;
}

/* The bundle a story belongs to: above the file, else above where we are. */
static const char *bundle_of(struct cli *cli, const char *file)
{
    const char *above = bundle_above(cli, file);
    if (!above) above = bundle_above(cli, ".");
    return above ? above : ".";
}

/* TAP gives `#` and `\` a meaning of their own in a test's name. */
static const char *tap_name(struct cli *cli, const char *text)
{
    const char *shown = safe(cli, text);
    size_t length = strlen(shown), out = 0;
    char *name = scratch_take(cli, length * 2 + 1);
    if (!name) return "";
    for (size_t i = 0; i < length; i++) {
        if (shown[i] == '#' || shown[i] == '\\') name[out++] = '\\';
        name[out++] = shown[i];
    }
    return name;
}

static void render_check(struct cli *cli, const json_t *value)
{
    if (!json_object_get(value, "ok")) {
        printf("# %s: %lld passed, %lld failed\n", safe(cli, text_at(value, "story")), (long long)number_at(value, "passed"),
               (long long)number_at(value, "failed"));
        return;
    }
    bool ok = true_at(value, "ok");
    json_int_t line = number_at(value, "line");
    print(cli, ok ? PLAIN : BAD, "%s %zu", ok ? "ok" : "not ok", ++cli->tests);
    printf(" - %s\n", tap_name(cli, text_at(value, "name")));
    if (ok) return;
    if (line > 0) printf("# line %lld\n", (long long)line);
    /* A text of several lines stays a comment on every one. */
    for (const char *text = text_at(value, "text"); *text;) {
        size_t length = strcspn(text, "\n");
        printf("#   %s\n", safe(cli, say(cli, "%.*s", (int)length, text)));
        text += length + (text[length] == '\n');
    }
}

/* A story that could not be run at all is a test that failed. */
static void put_failure(struct answer *answer, const char *file, const struct guan_error *error)
{
    const char *text = say(answer->cli, "%s%s%s", error->where, *error->where ? ": " : "", error->text);
    json_t *value = json_pack("{s:b, s:s, s:s}", "ok", 0, "name", file, "text", text);
    char *json = value ? json_dumps(value, JSON_COMPACT) : NULL;
    if (json) answer->sink.put(answer->sink.user, json, strlen(json));
    else answer->cli->failed = true;
    free(json);
    json_decref(value);
}

static int run_one(struct answer *answer, const char *file)
{
    struct guan_error error = {0};
    size_t before = answer->count;
    if (!answer->cli->json) printf("# %s\n", safe(answer->cli, file));
    int code = guan_story(bundle_of(answer->cli, file), file, &answer->sink, &error);
    if (code > GUAN_NO || (code == GUAN_NO && answer->count == before)) put_failure(answer, file, &error);
    fflush(stdout);
    return code;
}

/* --- with --coverage: all of them against one bundle, then what none of them exercised ----------------------------------------
 */

static void render_row(struct cli *cli, const json_t *value)
{
    const json_t *uncovered = json_object_get(value, "uncovered");
    if (json_object_get(value, "file")) printf("# %s\n", safe(cli, text_at(value, "file")));
    else if (json_object_get(value, "story") || json_object_get(value, "ok")) render_check(cli, value);
    else if (uncovered)
        printf("# %s\t%s\t%s\t%s\n", safe(cli, text_at(uncovered, "process")), safe(cli, text_at(uncovered, "kind")),
               safe(cli, text_at(uncovered, "id")), safe(cli, title_at(uncovered)));
}

static const json_t *last_coverage(const struct answer *answer)
{
    return json_object_get(answer->last, "coverage");
}

static int run_together(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const char *dir = bundle_of(cli, cli->args[0]);
    for (int i = 1; i < cli->arg_count; i++)
        if (strcmp(bundle_of(cli, cli->args[i]), dir) != 0)
            return usage_error(cli, "%s", _("with --coverage all stories belong to the same processes"));
    answer_start(&answer, cli, true, render_row);
    if (!cli->json) puts("TAP version 14");
    int code = guan_stories(dir, (const char *const *)cli->args, (size_t)cli->arg_count, &answer.sink, &error);
    const json_t *coverage = last_coverage(&answer);
    if (coverage)
        printf(_("# exercised %lld of %lld; the lines above name what no story exercised\n"),
               (long long)number_at(coverage, "exercised"), (long long)number_at(coverage, "of"));
    if (!cli->json) printf("1..%zu\n", cli->tests);
    return answer_finish(&answer, code, &error, NULL);
}

int cmd_story(struct cli *cli)
{
    if (option_given(cli, 'g')) return run_together(cli);
    struct answer answer;
    struct guan_error none = {0};
    int worst = GUAN_OK;
    answer_start(&answer, cli, true, render_check);
    if (!cli->json) puts("TAP version 14");
    for (int i = 0; i < cli->arg_count && !cli->failed; i++) {
        int code = run_one(&answer, cli->args[i]);
        if (code > worst) worst = code;
    }
    if (!cli->json) printf("1..%zu\n", cli->tests);
    answer_finish(&answer, GUAN_OK, &none, NULL); /* every failure has been told already */
    return worst;
}
