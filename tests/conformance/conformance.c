/* Runs SCXML documents and asks that each ends in the state `pass`.
 *
 *   conformance plan DIR EXCLUDED   every file of DIR/index.tsv that is `auto`; EXCLUDED lists files with reasons
 *   conformance own DIR             every DIR/x.scxml; counts their `<!-- assert:` comments
 *   conformance FILE…               just these, with all that they log */
#include "machine/run.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASSERTIONS_AT_LEAST 200u

struct outcome {
    bool passed, loud;
    char said[2000]; /* the last lines, for a failure */
    size_t length;
};

static int hear(void *user, const char *json, size_t length)
{
    struct outcome *outcome = user;
    if (outcome->loud) printf("  %.*s\n", (int)length, json);
    if (length == strlen("{\"final\":\"pass\"}") && memcmp(json, "{\"final\":\"pass\"}", length) == 0) outcome->passed = true;
    if (outcome->length + length + 4 < sizeof outcome->said) {
        outcome->length += (size_t)snprintf(outcome->said + outcome->length, sizeof outcome->said - outcome->length, "  %.*s\n",
                                            (int)length, json);
    }
    return 0;
}

static bool run(const char *path, bool loud)
{
    struct outcome outcome = {.loud = loud};
    struct guan_sink sink = {hear, &outcome};
    struct run_options options = {.file = path, .trace = loud};
    struct guan_error error = {0};
    int code = run_document(&options, &sink, &error);
    if (code == GUAN_OK && outcome.passed) return true;
    printf("not ok %s\n", path);
    if (!loud) printf("%s", outcome.said);
    if (code != GUAN_OK) printf("  %s: %s [%s] %s\n", error.where, error.text, error.rule, error.hint);
    return false;
}

/* The reason why a file is not run; NULL: it is. */
static const char *excluded(FILE *list, const char *file, char *line, int size)
{
    rewind(list);
    while (fgets(line, size, list) != NULL) {
        size_t length = strlen(file);
        if (line[0] != '#' && strncmp(line, file, length) == 0 && line[length] == '\t') {
            line[strcspn(line, "\n")] = '\0';
            return line + length + 1;
        }
    }
    return NULL;
}

static int run_plan(const char *dir, const char *exclusions)
{
    char path[5000], line[4000], reason_line[1000];
    unsigned passed = 0, failed = 0, left_out = 0;
    snprintf(path, sizeof path, "%s/index.tsv", dir);
    FILE *index = fopen(path, "r"), *list = fopen(exclusions, "r");
    if (list == NULL) return printf("no list of exclusions: %s\n", exclusions), EXIT_FAILURE;
    if (index == NULL) {
        printf("skipped: the plan's files are not here (%s)\n", dir);
        fclose(list);
        return EXIT_SUCCESS;
    }
    while (fgets(line, sizeof line, index) != NULL) {
        char *file = line, *at = line, *fields[4] = {NULL, NULL, NULL, NULL};
        for (int i = 0; i < 4 && at != NULL; i++) {
            fields[i] = at;
            at = strchr(at, '\t');
            if (at != NULL) *at++ = '\0';
        }
        if (fields[3] == NULL || strcmp(fields[3], "auto") != 0) continue;
        const char *reason = excluded(list, file, reason_line, sizeof reason_line);
        snprintf(path, sizeof path, "%s/%s", dir, file);
        if (reason != NULL) {
            printf("left out: %s: %s\n", file, reason);
            left_out++;
        } else if (run(path, false)) {
            passed++;
        } else {
            failed++;
        }
    }
    fclose(index);
    fclose(list);
    printf("passes %u of %u tests of the plan, %u left out\n", passed, passed + failed + left_out, left_out);
    return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static unsigned count_assertions(const char *path)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, "<!-- assert:")) != NULL; at++) count++;
    return count;
}

static int is_document(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 6 && strcmp(entry->d_name + length - 6, ".scxml") == 0;
}

static int run_own(const char *dir)
{
    struct dirent **entries;
    char path[1000];
    unsigned passed = 0, failed = 0, assertions = 0;
    int count = scandir(dir, &entries, is_document, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, entries[i]->d_name);
        unsigned here = count_assertions(path);
        if (here == 0) printf("not ok %s\n  it names no assertion\n", path);
        if (run(path, false) && here > 0) passed++;
        else failed++;
        assertions += here;
        free(entries[i]);
    }
    if (count >= 0) free(entries);
    printf("%u of %u files pass, with %u assertions\n", passed, passed + failed, assertions);
    return failed == 0 && assertions >= ASSERTIONS_AT_LEAST ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "plan") == 0) return run_plan(argv[2], argv[3]);
    if (argc == 3 && strcmp(argv[1], "own") == 0) return run_own(argv[2]);
    bool all = argc > 1;
    for (int i = 1; i < argc; i++) all = run(argv[i], true) && all;
    return all ? EXIT_SUCCESS : EXIT_FAILURE;
}
