/* From argv to struct cli. Options may stand before and after the command; every fault is told, none is guessed at. */
#include "print.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

const char *option_value(const struct cli *cli, char letter)
{
    for (size_t i = cli->given_count; i-- > 0;)
        if (cli->given[i].letter == letter) return cli->given[i].value;
    return NULL;
}

bool option_given(const struct cli *cli, char letter)
{
    for (size_t i = 0; i < cli->given_count; i++)
        if (cli->given[i].letter == letter) return true;
    return false;
}

const char *const *option_values(struct cli *cli, char letter, size_t *count)
{
    const char **values = scratch_take(cli, cli->given_count * sizeof *values);
    *count = 0;
    if (!values) return NULL;
    for (size_t i = 0; i < cli->given_count; i++)
        if (cli->given[i].letter == letter) values[(*count)++] = cli->given[i].value;
    return *count > 0 ? values : NULL;
}

/* Takes as many words as match whole words of the name. */
static int words_matched(const char *name, char *const *words, int count)
{
    int taken = 0;
    while (*name && taken < count) {
        size_t length = strcspn(name, " ");
        if (strlen(words[taken]) != length || memcmp(words[taken], name, length) != 0) return 0;
        taken++;
        name += length;
        if (*name == ' ') name++;
    }
    return *name ? 0 : taken;
}

const struct command *command_find(char *const *words, int count, int *taken)
{
    for (const struct command *command = command_table; command->name; command++) {
        *taken = words_matched(command->name, words, count);
        if (*taken > 0) return command;
    }
    return NULL;
}

int pairs_parse(struct cli *cli, const char *const *texts, size_t count, struct guan_pair **out)
{
    struct guan_pair *pairs = scratch_take(cli, count * sizeof *pairs);
    *out = pairs;
    if (!pairs) return GUAN_FAILED;
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(texts[i], '=');
        if (!equals || equals == texts[i]) return usage_error(cli, _("`%s` is not NAME=VALUE"), safe(cli, texts[i]));
        pairs[i].name = say(cli, "%.*s", (int)(equals - texts[i]), texts[i]);
        pairs[i].value = equals + 1;
    }
    return GUAN_OK;
}

static const struct option_info *info_of(char letter)
{
    const struct option_info *info = option_table;
    while (info->name && info->letter != letter) info++;
    return info;
}

/* getopt's table out of ours. */
static struct option *getopt_table(struct cli *cli)
{
    size_t count = 0;
    while (option_table[count].name) count++;
    struct option *table = scratch_take(cli, (count + 1) * sizeof *table);
    for (size_t i = 0; table && i < count; i++)
        table[i] = (struct option){option_table[i].name, option_table[i].argument ? required_argument : no_argument, NULL,
                                   option_table[i].letter};
    return table;
}

/* Reads all options; the first fault is kept and told when --json and --lang are known. */
static const char *read_options(struct cli *cli, int argc, char **argv, char *fault)
{
    const struct option *table = getopt_table(cli);
    cli->given = scratch_take(cli, (size_t)argc * sizeof *cli->given);
    if (!table || !cli->given) return NULL;
    const char *faulty = NULL;
    opterr = 0;
    for (;;) {
        int before = optind;
        int letter = getopt_long(argc, argv, ":hVo:n:", table, NULL);
        if (letter == -1) return faulty;
        if (letter == '?' || letter == ':') {
            /* optind has moved on, unless a bundle of short letters is being read */
            if (!faulty) {
                faulty = optind > before ? argv[optind - 1] : argv[before];
                *fault = (char)letter;
            }
        } else {
            cli->given[cli->given_count++] = (struct given){(char)letter, optarg};
        }
    }
}

int arguments_error(struct cli *cli, const char *what)
{
    return usage_error(cli, _("%s: guan %s %s"), what, cli->command->name, translated(cli->command->arguments));
}

static int check_options(struct cli *cli)
{
    for (size_t i = 0; i < cli->given_count; i++) {
        const struct option_info *info = info_of(cli->given[i].letter);
        if (!info->global && !strchr(cli->command->options, info->letter))
            return usage_error(cli, _("`%s` has no option --%s"), cli->command->name, info->name);
    }
    int least = cli->command->least, most = cli->command->most;
    if (cli->arg_count < least || (most >= 0 && cli->arg_count > most)) {
        const char *given = cli->arg_count < least ? _("something is missing") : _("that is too much");
        return arguments_error(cli, given);
    }
    return GUAN_OK;
}

int options_parse(struct cli *cli, int argc, char **argv)
{
    char fault = 0, *help = (char[]){"help"};
    const char *faulty = read_options(cli, argc, argv, &fault);
    cli->json = option_given(cli, 'j');
    bool known = language_set(option_value(cli, 'l'));
    if (cli->failed) return GUAN_FAILED;
    if (!known) return usage_error(cli, _("--lang is zh or en"));
    if (faulty && fault == ':') return usage_error(cli, _("`%s` needs a value"), safe(cli, faulty));
    if (faulty) return usage_error(cli, _("there is no option `%s`, or it takes no value"), safe(cli, faulty));

    char **words = argv + optind;
    int count = argc - optind, taken = 0;
    if (option_given(cli, 'V')) return GUAN_OK;
    cli->args = words;
    cli->arg_count = count;
    if (option_given(cli, 'h')) { /* --help anywhere is `help` of the command that stands there */
        cli->command = command_find(&help, 1, &taken);
        return GUAN_OK;
    }
    if (count == 0) return usage_error(cli, _("which command?"));
    cli->command = command_find(words, count, &taken);
    if (!cli->command) return usage_error(cli, _("there is no command `%s`"), safe(cli, words[0]));
    cli->args += taken;
    cli->arg_count -= taken;
    return check_options(cli);
}
