/* guan: argv in, exit code out. 0 yes · 1 the answer is no · 2 usage · 3 the record does not verify · 4 the machine failed. */
#include "answer.h"
#include "words.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Colours only for a person at a terminal who has not declined them. */
static void look_at_terminal(struct cli *cli)
{
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    bool terminal = isatty(STDOUT_FILENO);
    cli->colour = terminal && !(none && *none) && term && strcmp(term, "dumb") != 0;
    struct winsize size;
    if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) cli->columns = size.ws_col;
}

void error_json(const struct guan_error *error)
{
    json_t *value = json_pack("{s:b, s:{s:i, s:s, s:s, s:s, s:s}}", "ok", 0, "error", "code", error->code, "rule", error->rule,
                              "where", error->where, "text", error->text, "hint", error->hint);
    if (value) json_dumpf(value, stdout, JSON_COMPACT);
    json_decref(value);
}

void error_text(struct cli *cli, const struct guan_error *error)
{
    fflush(stdout); /* so that the two streams keep their order in one terminal */
    const char *known = sentence_of(cli, safe(cli, error->text)), *sentence = known ? NULL : rule_sentence(error->rule);
    const char *text = *error->text ? said(cli, error->text) : _("it failed, and nobody said why");
    fprintf(stderr, "guan: %s%s%s\n", safe(cli, error->where), *error->where ? _(": ") : "", sentence ? sentence : text);
    if (sentence) fprintf(stderr, "      %s\n", text);
    if (*error->hint) fprintf(stderr, "      %s\n", said(cli, error->hint));
}

int engine_error(struct cli *cli, const struct guan_error *error)
{
    if (cli->json) {
        error_json(error);
        putchar('\n');
    }
    error_text(cli, error);
    return error->code ? error->code : GUAN_FAILED;
}

int usage_error(struct cli *cli, const char *format, ...)
{
    struct guan_error error = {.code = GUAN_USAGE, .rule = "command-line"};
    char text[sizeof error.text - 20];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    snprintf(error.text, sizeof error.text, "%s", safe(cli, text)); /* a character that was cut is no UTF-8 any more */
    if (cli->command) snprintf(error.hint, sizeof error.hint, "guan help %s", cli->command->name);
    else snprintf(error.hint, sizeof error.hint, "guan help");
    return engine_error(cli, &error);
}

const char *store_name(const struct cli *cli)
{
    const char *name = option_value(cli, 's');
    if (!name) name = getenv("GUAN_STORE");
    return name && *name ? name : "guan.db";
}

int open_store(struct cli *cli, struct guan_error *error)
{
    return guan_open(store_name(cli), &cli->guan, error);
}

static int run(struct cli *cli, int argc, char **argv)
{
    int code = options_parse(cli, argc, argv);
    if (code != GUAN_OK) return code;
    if (option_given(cli, 'V')) {
        printf(cli->json ? "{\"version\":\"%s\"}\n" : "guan %s\n", guan_version());
        return GUAN_OK;
    }
    look_at_terminal(cli);
    return cli->command->run(cli);
}

int main(int argc, char **argv)
{
    struct cli cli = {0};
    int code = run(&cli, argc, argv);
    guan_close(cli.guan);
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (code != GUAN_FAILED && (cli.failed || !written)) {
        fputs(cli.failed ? _("guan: memory ran out\n") : _("guan: the output could not be written\n"), stderr);
        code = GUAN_FAILED;
    }
    scratch_free(&cli);
    return code;
}
