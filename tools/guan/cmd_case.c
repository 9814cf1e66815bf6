/* open, do, send, waive, amend, assign, tick: one struct guan_command, filled from what was typed. */
#include "answer.h"
#include "prompt.h"
#include "render.h"

#include <errno.h>
#include <stdlib.h>

static int carry_out(struct cli *cli, struct guan_command *command)
{
    struct answer answer;
    struct guan_error error = {0};
    answer_start(&answer, cli, false, NULL);
    int code = cli->guan ? GUAN_OK : open_store(cli, &error);
    if (code == GUAN_OK) code = guan_command(cli->guan, command, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_result);
}

static struct guan_command command_new(struct cli *cli, enum guan_verb verb)
{
    const char *actor = option_value(cli, 'a'), *from = getenv("GUAN_ACTOR");
    struct guan_command command = {
        .verb = verb,
        .id = option_value(cli, 'i'),
        .actor = actor           ? actor
                 : from && *from ? from
                                 : NULL, /* NULL: the engine takes the login */
        .by = option_value(cli, 'b'),
        .role = option_value(cli, 'r'),
        .at = option_value(cli, 't'),
        .rec = option_value(cli, 'R'),
    };
    command.with = option_values(cli, 'w', &command.with_count);
    return command;
}

/* do, send, waive, amend, assign: CASE NAME [FIELD=VALUE…] */
static int on_case(struct cli *cli, struct guan_command *command)
{
    struct guan_pair *fields = NULL;
    command->kase = cli->args[0];
    command->name = cli->args[1];
    command->field_count = (size_t)cli->arg_count - 2;
    int code = pairs_parse(cli, (const char *const *)cli->args + 2, command->field_count, &fields);
    if (code != GUAN_OK) return code;
    command->fields = fields;
    return carry_out(cli, command);
}

int cmd_open(struct cli *cli)
{
    struct guan_command command = command_new(cli, GUAN_OPEN);
    struct guan_pair *parties = NULL;
    command.name = cli->args[0];
    command.key = option_value(cli, 'k');
    command.dealer = option_value(cli, 'd');
    const char *const *texts = option_values(cli, 'p', &command.party_count);
    int code = pairs_parse(cli, texts, command.party_count, &parties);
    if (code != GUAN_OK) return code;
    command.parties = parties;
    return carry_out(cli, &command);
}

/* Without fields, a person at a terminal is asked for them. */
int cmd_do(struct cli *cli)
{
    struct guan_command command = command_new(cli, GUAN_STEP);
    if (cli->arg_count > 2) return on_case(cli, &command);
    command.kase = cli->args[0];
    if (cli->arg_count > 1) command.name = cli->args[1];
    if (prompt_possible(cli)) {
        int code = prompt_step(cli, &command);
        return code == GUAN_OK ? carry_out(cli, &command) : code;
    }
    if (!command.name) return arguments_error(cli, _("something is missing"));
    return carry_out(cli, &command);
}

int cmd_send(struct cli *cli)
{
    struct guan_command command = command_new(cli, GUAN_SEND);
    return on_case(cli, &command);
}

int cmd_waive(struct cli *cli)
{
    struct guan_command command = command_new(cli, GUAN_WAIVE);
    command.reason = option_value(cli, 'y');
    if (!command.reason || !*command.reason) return usage_error(cli, _("a waiver needs --reason TEXT"));
    return on_case(cli, &command);
}

/* CASE ENTRY FIELD=VALUE… */
int cmd_amend(struct cli *cli)
{
    struct guan_command command = command_new(cli, GUAN_AMEND);
    char *end;
    errno = 0;
    unsigned long long entry = strtoull(cli->args[1], &end, 10);
    if (errno || *end || entry == 0 || cli->args[1][0] == '-')
        return usage_error(cli, _("\"%s\" is no number of an entry: see guan log"), cli->args[1]);
    command.entry = entry;
    command.reason = option_value(cli, 'y');
    if (!command.reason || !*command.reason) return usage_error(cli, _("a correction needs --reason TEXT"));
    return on_case(cli, &command);
}

int cmd_assign(struct cli *cli)
{
    struct guan_command command = command_new(cli, GUAN_ASSIGN);
    command.reason = option_value(cli, 'y');
    return on_case(cli, &command);
}

int cmd_tick(struct cli *cli)
{
    struct guan_command command = command_new(cli, GUAN_TICK);
    command.until = option_value(cli, 'u');
    return carry_out(cli, &command);
}
