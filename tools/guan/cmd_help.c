/* help: printed from the table. */
#include "print.h"

#include <string.h>

static void put_options(struct cli *cli, bool global, const char *letters)
{
    struct grid *grid = grid_new(cli, 2);
    for (const struct option_info *info = option_table; info->name; info++) {
        if (global ? !info->global : !strchr(letters, info->letter)) continue;
        const char *argument = translated(info->argument);
        grid_put(grid, BOLD, say(cli, "--%s%s%s", info->name, *argument ? " " : "", argument));
        grid_put(grid, PLAIN, translated(info->help));
    }
    grid_print(grid, 2);
    grid_free(grid);
}

static void put_command(struct cli *cli, struct grid *grid, const struct command *command)
{
    grid_put(grid, BOLD, say(cli, "%s %s", command->name, translated(command->arguments)));
    grid_put(grid, PLAIN, translated(command->help));
}

static void help_all(struct cli *cli)
{
    printf(_("guan takes a customer through the gates of a service standard and keeps the record.\n\n"));
    printf("guan [%s] %s …\n\n", _("OPTIONS"), _("COMMAND"));
    struct grid *grid = grid_new(cli, 2);
    for (const struct command *command = command_table; command->name; command++) {
        put_command(cli, grid, command);
    }
    grid_print(grid, 2);
    grid_free(grid);
    printf("\n%s\n", _("Options, before or after the command:"));
    put_options(cli, true, "");
    printf("\n%s\n", _("CASE is an id, the beginning of one, or key:KEY. Exit: 0 yes, 1 the answer is no, 2 usage, "
                       "3 the record does not verify, 4 the machine failed."));
    printf("%s\n", _("More: guan help COMMAND"));
}

/* Is it one of `guan audit …`? */
static bool belongs(const struct command *command, const char *word)
{
    size_t length = strlen(word);
    return strncmp(command->name, word, length) == 0 && command->name[length] == ' ';
}

/* The commands under a word that is none by itself. */
static void help_group(struct cli *cli, const char *word)
{
    struct grid *grid = grid_new(cli, 2);
    for (const struct command *command = command_table; command->name; command++)
        if (belongs(command, word)) put_command(cli, grid, command);
    grid_print(grid, 2);
    grid_free(grid);
    printf("\n%s\n", say(cli, _("More: guan help %s COMMAND"), word));
}

static void help_one(struct cli *cli, const struct command *command)
{
    printf("guan %s %s\n", command->name, translated(command->arguments));
    printf("  %s\n", translated(command->help));
    if (*command->options) {
        printf("\n%s\n", _("Options:"));
        put_options(cli, false, command->options);
    }
    printf("\n%s\n", _("Examples:"));
    for (const char *line = command->examples; *line;) {
        size_t length = strcspn(line, "\n");
        printf("  guan %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static json_t *help_json(const struct command *command)
{
    json_t *options = json_array();
    for (const struct option_info *info = option_table; info->name; info++)
        if (info->global || strchr(command->options, info->letter)) json_array_append_new(options, json_string(info->name));
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "command", command->name, "arguments", translated(command->arguments), "help",
                     translated(command->help), "examples", command->examples, "options", options);
}

int cmd_help(struct cli *cli)
{
    int taken = 0;
    const struct command *one = cli->arg_count > 0 ? command_find(cli->args, cli->arg_count, &taken) : NULL;
    const char *word = cli->arg_count > 0 && !one ? cli->args[0] : NULL;
    bool group = false;
    for (const struct command *command = command_table; word && cli->arg_count == 1 && command->name; command++)
        group = group || belongs(command, word);
    if (cli->arg_count > 0 && !group && (!one || taken != cli->arg_count) && !option_given(cli, 'h'))
        return usage_error(cli, _("there is no command `%s`"), safe(cli, cli->args[cli->arg_count - 1]));
    if (cli->json) {
        json_t *all = json_array();
        for (const struct command *command = command_table; command->name; command++)
            if (group ? belongs(command, word) : !one || one == command) json_array_append_new(all, help_json(command));
        if (json_dumpf(all, stdout, JSON_INDENT(1)) != 0) cli->failed = true;
        putchar('\n');
        json_decref(all);
    } else if (group) {
        help_group(cli, word);
    } else if (one) {
        help_one(cli, one);
    } else {
        help_all(cli);
    }
    return GUAN_OK;
}
