/* Runs every file and folder of bad/ against its .expect. */
#include "bad.h"

#include "base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_whole(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    struct buffer bytes = {0};
    char piece[4096];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, file)) > 0) buffer_add(&bytes, piece, n);
    fclose(file);
    buffer_byte(&bytes, '\0'); /* an empty file is no NULL */
    *length = bytes.length - 1;
    return bytes.data;
}

struct lines {
    struct buffer *out;
    bool with_file;
};

static void take(void *user, const struct diagnostic *diagnostic)
{
    const struct lines *lines = user;
    if (lines->with_file) buffer_printf(lines->out, "%s:", diagnostic->file);
    buffer_printf(lines->out, "%u:%u: %s%s\n", diagnostic->place.line, diagnostic->place.col, diagnostic->rule,
                  diagnostic->error ? "" : "?");
    if (diagnostic->text == NULL || diagnostic->text[0] == '\0' || !text_is_utf8(diagnostic->text, strlen(diagnostic->text)))
        buffer_text(lines->out, "  no text\n");
}

/* The files that the flows in bad/ name. */
static const char *source(void *user, const char *from_file, const char *path, size_t *length)
{
    (void)user;
    (void)from_file;
    *length = 0;
    return strcmp(path, "there.lua") == 0 || strcmp(path, "reception.scxml") == 0 ? "" : NULL;
}

int read_flow(const struct catalogue *catalogue, const char *file, const char *bytes, size_t length, struct buffer *lines)
{
    struct lines to = {lines, false};
    struct chart_read_options options = {.file = file, .catalogue = catalogue, .source = source, .sink = take, .sink_user = &to};
    struct chart *chart;
    struct guan_error error = {0};
    int code = chart_read(bytes, length, &options, &chart, &error);
    if ((code == GUAN_OK) != (chart != NULL)) buffer_text(lines, "  chart and code differ\n");
    if (code == GUAN_OK) buffer_text(lines, "accepted\n");
    if (code != GUAN_OK && (error.rule[0] == '\0' || error.where[0] == '\0' || error.code != code))
        buffer_text(lines, "  the error does not say the first problem\n");
    chart_free(chart);
    return code;
}

bool compare(const char *name, const char *want, const struct buffer *lines)
{
    const char *is = lines->length == 0 ? "" : lines->data;
    bool same = want != NULL && strcmp(want, is) == 0;
    printf("%s %s\n", same ? "ok" : "not ok", name);
    if (!same) printf("--- expected\n%s--- is\n%s---\n", want == NULL ? "" : want, is);
    return same;
}

static void run_flow(const struct catalogue *catalogue, const char *path, struct buffer *lines)
{
    size_t length;
    char *bytes = read_whole(path, &length);
    if (bytes == NULL) return;
    read_flow(catalogue, "flow.scxml", bytes, length, lines);
    memory_free(bytes);
}

static void run_bundle(const char *path, struct buffer *lines)
{
    struct lines to = {lines, true};
    struct guan_error error = {0};
    struct bundle *bundle;
    int code = bundle_read(path, &bundle, &error);
    if (code == GUAN_OK) code = bundle_check(bundle, take, &to, &error);
    if (code == GUAN_OK) buffer_text(lines, "accepted\n");
    if (code != GUAN_OK && error.rule[0] == '\0') buffer_text(lines, "  the error does not say the first problem\n");
    bundle_free(bundle);
}

static bool write_file(const char *path, const struct buffer *lines)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) return false;
    fwrite(lines->data, 1, lines->length, file);
    return fclose(file) == 0;
}

/* One entry of bad/: a flow, a folder, or something else (passed over). 1 when it failed. */
static int run_entry(const struct catalogue *catalogue, const char *dir, const char *name, bool accept, int *count)
{
    char path[2000], expect[2000];
    const char *dot = strrchr(name, '.');
    bool flow = dot != NULL && strcmp(dot, ".scxml") == 0;
    if (!flow && dot != NULL) return 0;
    int stem = flow ? (int)(dot - name) : (int)strlen(name);
    snprintf(path, sizeof path, "%s/bad/%s", dir, name);
    snprintf(expect, sizeof expect, "%s/bad/%.*s.expect", dir, stem, name);
    struct buffer lines = {0};
    if (flow) run_flow(catalogue, path, &lines);
    else run_bundle(path, &lines);
    size_t length;
    char *want = read_whole(expect, &length);
    bool good = accept ? write_file(expect, &lines) : compare(name, want, &lines);
    memory_free(want);
    buffer_release(&lines);
    ++*count;
    return good ? 0 : 1;
}

static int run_folder(const struct catalogue *catalogue, const char *dir, bool accept)
{
    char path[2000];
    snprintf(path, sizeof path, "%s/bad", dir);
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort), failed = 0, count = 0;
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.') failed += run_entry(catalogue, dir, entries[i]->d_name, accept, &count);
        free(entries[i]);
    }
    if (n >= 0) free(entries);
    if (count < 30) {
        printf("not ok only %d files found\n", count);
        failed++;
    }
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    char path[2000];
    struct guan_error error = {0};
    struct bundle *bundle;
    snprintf(path, sizeof path, "%s/catalogue", argv[1]);
    if (bundle_read(path, &bundle, &error) != GUAN_OK || bundle_catalogue(bundle, &error) == NULL) {
        printf("not ok the catalogue: %s: %s\n", error.where, error.text);
        return 1;
    }
    const struct catalogue *catalogue = bundle_catalogue(bundle, &error);
    int failed = run_folder(catalogue, argv[1], argc > 2 && strcmp(argv[2], "accept") == 0);
    size_t length;
    snprintf(path, sizeof path, "%s/good.scxml", argv[1]);
    char *good = read_whole(path, &length);
    failed += good == NULL ? 1 : run_generated(catalogue, good, length);
    memory_free(good);
    bundle_free(bundle);
    printf("%d failed\n", failed);
    return failed == 0 ? 0 : 1;
}
