/* The sink of the command line. */
#include "answer.h"

#include <string.h>

static int pass_through(struct answer *answer, const char *json, size_t length)
{
    if (answer->many) fputs(answer->count == 0 ? "[\n" : ",\n", stdout);
    fwrite(json, 1, length, stdout);
    return ferror(stdout);
}

static int take(void *user, const char *json, size_t length)
{
    struct answer *answer = user;
    int stop = 0;
    if (answer->cli->json) {
        stop = pass_through(answer, json, length);
        answer->count++;
        return stop;
    }
    json_t *value = json_loadb(json, length, JSON_DECODE_ANY, NULL);
    if (!value) {
        answer->cli->failed = true;
        return 1;
    }
    answer->count++;
    json_decref(answer->last);
    answer->last = json_incref(value);
    if (answer->each) answer->each(answer->cli, value);
    else if (json_array_append(answer->values, value) != 0) answer->cli->failed = true;
    json_decref(value);
    return answer->cli->failed || ferror(stdout);
}

void answer_start(struct answer *answer, struct cli *cli, bool many, void (*each)(struct cli *cli, const json_t *value))
{
    *answer = (struct answer){.sink = {take, NULL}, .cli = cli, .many = many, .each = each, .values = json_array()};
    answer->sink.user = answer;
    if (!answer->values) cli->failed = true;
}

/* A refusal, diagnostics, findings, a bad entry: the values say what the code says. An error that came after some
 * values (a log line, then the machine failed) is not said by them. */
static bool is_told(const struct answer *answer, int code, const struct guan_error *error)
{
    if (code == GUAN_OK) return true;
    if (code == GUAN_FAILED || answer->count == 0) return false;
    if (code == GUAN_TAMPERED && strcmp(error->rule, "ledger") == 0) return json_object_get(answer->last, "bad") != NULL;
    return code != GUAN_USAGE || !*error->text || json_object_get(answer->last, "refused");
}

static void finish_json(const struct answer *answer, bool told, const struct guan_error *error)
{
    if (answer->many && answer->count == 0) fputs("[", stdout);
    if (!told && (answer->many || answer->count == 0)) {
        if (answer->count > 0) fputs(",\n", stdout);
        error_json(error);
    }
    fputs(answer->many ? (answer->count > 0 ? "\n]\n" : "]\n") : "\n", stdout);
}

int answer_finish(struct answer *answer, int code, const struct guan_error *error,
                  void (*render)(struct cli *cli, const json_t *values))
{
    bool told = is_told(answer, code, error);
    if (answer->cli->json) finish_json(answer, told, error);
    else if (render && (told || answer->count > 0)) render(answer->cli, answer->values);
    if (!told && !answer->cli->failed) error_text(answer->cli, error);
    json_decref(answer->last);
    json_decref(answer->values);
    return code;
}
