/* An engine that answers from a file, so that the command line is tested by itself. The file (the store's name, or the argument
 * of check, run and story): first line the code to return, then a JSON value a line; `! RULE | TEXT | HINT` fills the error. A
 * store named `echo` answers a command with what it was given. */
#include "guan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct guan {
    char path[1000];
};

const char *guan_version(void)
{
    return "0.0.0-stub";
}

static void fill_error(struct guan_error *error, char *line)
{
    char *end = line + strlen(line), *parts[3] = {line, end, end};
    for (int i = 0; i < 2; i++) {
        char *bar = strstr(parts[i], " | ");
        if (!bar) break;
        *bar = '\0';
        parts[i + 1] = bar + 3;
    }
    snprintf(error->rule, sizeof error->rule, "%s", parts[0]);
    snprintf(error->text, sizeof error->text, "%s", parts[1]);
    snprintf(error->hint, sizeof error->hint, "%s", parts[2]);
}

static int answer(const char *path, const struct guan_sink *sink, struct guan_error *error)
{
    FILE *file = fopen(path, "r");
    char line[8000];
    int code = GUAN_FAILED;
    if (!file) {
        char text[] = "no-file | there is no such file";
        fill_error(error, text);
        return error->code = GUAN_FAILED;
    }
    if (fgets(line, sizeof line, file)) code = line[0] - '0';
    error->code = code;
    while (fgets(line, sizeof line, file)) {
        size_t length = strcspn(line, "\n");
        line[length] = '\0';
        if (line[0] == '!') fill_error(error, line + 2);
        else if (length > 0 && sink->put(sink->user, line, length) != 0) break;
    }
    fclose(file);
    return code;
}

int guan_check(const char *const *paths, size_t count, const struct guan_sink *sink, struct guan_error *error)
{
    int worst = GUAN_OK;
    for (size_t i = 0; i < count; i++) {
        int code = answer(paths[i], sink, error);
        if (code > worst) worst = code;
    }
    return worst;
}

int guan_run(const char *file, const struct guan_run_options *options, const struct guan_sink *sink, struct guan_error *error)
{
    for (size_t i = 0; i < options->event_count; i++) {
        char json[200];
        int length = snprintf(json, sizeof json, "{\"log\":\"%s%s\"}", options->trace ? "trace " : "", options->events[i]);
        sink->put(sink->user, json, (size_t)length);
    }
    return answer(file, sink, error);
}

int guan_story(const char *dir, const char *file, const struct guan_sink *sink, struct guan_error *error)
{
    (void)dir;
    return answer(file, sink, error);
}

int guan_init(const char *path, unsigned flags, struct guan_error *error)
{
    (void)flags;
    struct guan_sink none = {0};
    return strcmp(path, "new") == 0 ? GUAN_OK : answer(path, &none, error);
}

int guan_open(const char *path, struct guan **out, struct guan_error *error)
{
    (void)error;
    *out = calloc(1, sizeof **out);
    if (!*out) return GUAN_FAILED;
    snprintf((*out)->path, sizeof(*out)->path, "%s", path);
    return GUAN_OK;
}

void guan_close(struct guan *guan)
{
    free(guan);
}

int guan_deploy(struct guan *guan, const char *dir, const struct guan_sink *sink, struct guan_error *error)
{
    (void)dir;
    return answer(guan->path, sink, error);
}

static json_t *pairs_json(const struct guan_pair *pairs, size_t count)
{
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++) json_object_set_new(object, pairs[i].name, json_string(pairs[i].value));
    return object;
}

static int echo(const struct guan_command *command, const struct guan_sink *sink)
{
    json_t *with = json_array();
    for (size_t i = 0; i < command->with_count; i++) json_array_append_new(with, json_string(command->with[i]));
    json_t *value = json_pack("{s:i, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:o, s:o, s:o}",
                              "verb", command->verb, "id", command->id, "case", command->kase, "name", command->name, "actor",
                              command->actor, "by", command->by, "role", command->role, "at", command->at, "rec", command->rec,
                              "reason", command->reason, "key", command->key, "dealer", command->dealer, "until", command->until,
                              "with", with, "fields", pairs_json(command->fields, command->field_count), "parties",
                              pairs_json(command->parties, command->party_count));
    char *json = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    if (!json) return GUAN_FAILED;
    sink->put(sink->user, json, strlen(json));
    free(json);
    return GUAN_OK;
}

int guan_command(struct guan *guan, const struct guan_command *command, const struct guan_sink *sink, struct guan_error *error)
{
    return strcmp(guan->path, "echo") == 0 ? echo(command, sink) : answer(guan->path, sink, error);
}

int guan_list(struct guan *guan, const char *words, const struct guan_sink *sink, struct guan_error *error)
{
    if (strcmp(guan->path, "echo") != 0) return answer(guan->path, sink, error);
    char json[300];
    int length = snprintf(json, sizeof json, "{\"case\":\"%s\"}", words ? words : "(all)");
    sink->put(sink->user, json, (size_t)length);
    return GUAN_OK;
}

#define QUERY(name)                                                                                                              \
    int name(struct guan *guan, const char *kase, const struct guan_sink *sink, struct guan_error *error)                        \
    {                                                                                                                            \
        (void)kase;                                                                                                              \
        return answer(guan->path, sink, error);                                                                                  \
    }
QUERY(guan_show)
QUERY(guan_todo)
QUERY(guan_log)

int guan_todo_of(struct guan *guan, const char *kase, const char *actor, const struct guan_sink *sink, struct guan_error *error)
{
    (void)actor;
    return guan_todo(guan, kase, sink, error);
}

int guan_findings(struct guan *guan, const struct guan_filter *filter, const struct guan_sink *sink, struct guan_error *error)
{
    (void)filter;
    return answer(guan->path, sink, error);
}

int guan_next_due(struct guan *guan, int64_t *ms, struct guan_error *error)
{
    (void)guan;
    (void)error;
    *ms = -1;
    return GUAN_OK;
}

int guan_export(struct guan *guan, const struct guan_export *what, const struct guan_sink *sink, struct guan_error *error)
{
    (void)what;
    return answer(guan->path, sink, error);
}

int guan_sample(struct guan *guan, const struct guan_draw *draw, const struct guan_sink *sink, struct guan_error *error)
{
    (void)draw;
    return answer(guan->path, sink, error);
}

int guan_report(struct guan *guan, const struct guan_period *period, const char *number, const struct guan_sink *sink,
                struct guan_error *error)
{
    (void)period;
    (void)number;
    return answer(guan->path, sink, error);
}

int guan_finding(struct guan *guan, const char *kase, const char *fid, const struct guan_sink *sink, struct guan_error *error)
{
    (void)kase;
    (void)fid;
    return answer(guan->path, sink, error);
}

int guan_verify(struct guan *guan, const struct guan_sink *sink, struct guan_error *error)
{
    return answer(guan->path, sink, error);
}

int guan_field(struct guan *guan, const struct guan_command *command, const char *field, const struct guan_sink *sink,
               struct guan_error *error)
{
    (void)command;
    (void)field;
    return answer(guan->path, sink, error);
}

int guan_cases(struct guan *guan, const struct guan_case_filter *filter, const struct guan_sink *sink, struct guan_error *error)
{
    if (strcmp(guan->path, "echo") != 0) return answer(guan->path, sink, error);
    json_t *value = json_pack("{s:s*, s:s*, s:s*}", "case", filter->words, "actor", filter->actor, "due", filter->due);
    char *json = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    if (!json) return GUAN_FAILED;
    sink->put(sink->user, json, strlen(json));
    free(json);
    return GUAN_OK;
}

int guan_replay(struct guan *guan, const struct guan_replay_options *options, const struct guan_sink *sink,
                struct guan_error *error)
{
    (void)options;
    return answer(guan->path, sink, error);
}

/* --- the ledger, care of the store ------------------------------------------------------------------------------------------ */

int guan_verify_against(struct guan *guan, const struct guan_verify_options *options, const struct guan_sink *sink,
                        struct guan_error *error)
{
    (void)options;
    return answer(guan->path, sink, error);
}

int guan_set_origin(struct guan *guan, const char *origin, struct guan_error *error)
{
    (void)guan;
    (void)origin;
    (void)error;
    return GUAN_OK;
}

int guan_key(struct guan *guan, const char *file, unsigned flags, const struct guan_sink *sink, struct guan_error *error)
{
    (void)file;
    (void)flags;
    return answer(guan->path, sink, error);
}

int guan_witness_key(const char *name, const char *file, const struct guan_sink *sink, struct guan_error *error)
{
    (void)name;
    return answer(file, sink, error);
}

int guan_checkpoint(struct guan *guan, const char *key_file, const struct guan_sink *sink, struct guan_error *error)
{
    (void)key_file;
    return answer(guan->path, sink, error);
}

int guan_seal(struct guan *guan, const char *key_file, const char *every, int64_t *wait, struct guan_error *error)
{
    (void)guan;
    (void)key_file;
    (void)every;
    (void)error;
    *wait = -1;
    return GUAN_OK;
}

int guan_cosigned(struct guan *guan, const char *file, const struct guan_sink *sink, struct guan_error *error)
{
    (void)file;
    return answer(guan->path, sink, error);
}

int guan_cosign(const char *file, const char *key_file, const struct guan_sink *sink, struct guan_error *error)
{
    (void)key_file;
    return answer(file, sink, error);
}

int guan_prove(struct guan *guan, const char *what, const char *from, const struct guan_sink *sink, struct guan_error *error)
{
    (void)what;
    (void)from;
    return answer(guan->path, sink, error);
}

int guan_tiles(struct guan *guan, const char *dir, const struct guan_sink *sink, struct guan_error *error)
{
    (void)dir;
    return answer(guan->path, sink, error);
}

int guan_receipt(struct guan *guan, const char *kase, const char *key_file, const struct guan_sink *sink,
                 struct guan_error *error)
{
    (void)kase;
    (void)key_file;
    return answer(guan->path, sink, error);
}

int guan_receipt_check(struct guan *guan, const char *text, const struct guan_sink *sink, struct guan_error *error)
{
    (void)text;
    return answer(guan->path, sink, error);
}

int guan_store_backup(struct guan *guan, const char *file, const struct guan_sink *sink, struct guan_error *error)
{
    (void)file;
    return answer(guan->path, sink, error);
}

int guan_store_check(struct guan *guan, const struct guan_sink *sink, struct guan_error *error)
{
    return answer(guan->path, sink, error);
}

int guan_store_stats(struct guan *guan, const struct guan_sink *sink, struct guan_error *error)
{
    return answer(guan->path, sink, error);
}

int guan_store_restore(const char *path, const char *backup, const char *against, const struct guan_sink *sink,
                       struct guan_error *error)
{
    (void)path;
    (void)against;
    return answer(backup, sink, error);
}

int guan_past(struct guan *guan, const struct guan_past *what, const struct guan_sink *sink, struct guan_error *error)
{
    return answer(what->log ? what->log : guan->path, sink, error);
}

/* --- coverage --------------------------------------------------------------------------------------------------------------- */

int guan_coverage(struct guan *guan, const struct guan_coverage *what, const struct guan_sink *sink, struct guan_error *error)
{
    (void)guan;
    return answer(what->story_count ? what->stories[0] : "coverage", sink, error);
}

int guan_stories(const char *dir, const char *const *files, size_t count, const struct guan_sink *sink, struct guan_error *error)
{
    int worst = GUAN_OK;
    (void)dir;
    for (size_t i = 0; i < count; i++) {
        int code = answer(files[i], sink, error);
        if (code > worst) worst = code;
    }
    return worst;
}
