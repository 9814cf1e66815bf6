/* audit key, checkpoint, cosign, prove, receipt, export tiles, verify: the ledger, for those who do not take our word for it. */
#include "answer.h"
#include "progress.h"
#include "render.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *key_file(struct cli *cli)
{
    const char *file = option_value(cli, 'f');
    return file ? file : say(cli, "%s.key", store_name(cli));
}

/* The start of every one that asks a store for one object. */
static int begin(struct cli *cli, struct answer *answer, struct guan_error *error)
{
    *error = (struct guan_error){0};
    answer_start(answer, cli, false, NULL);
    return open_store(cli, error);
}

int cmd_key(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const char *witness = option_value(cli, 'q');
    bool make = option_given(cli, 'K');
    unsigned flags = (make ? GUAN_KEY_NEW : 0) | (option_given(cli, 'L') ? GUAN_KEY_LOST : 0);
    if (option_given(cli, 'L') && !make) return usage_error(cli, _("--lost goes with --new"));
    if (witness && (!make || !option_given(cli, 'f'))) return usage_error(cli, _("--witness goes with --new and --file"));
    int code = witness ? (answer_start(&answer, cli, false, NULL), GUAN_OK) : begin(cli, &answer, &error);
    if (code == GUAN_OK)
        code = witness ? guan_witness_key(witness, key_file(cli), &answer.sink, &error)
                       : guan_key(cli->guan, key_file(cli), flags, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_key);
}

int cmd_checkpoint(struct cli *cli)
{
    struct answer answer;
    struct guan_error error;
    const char *add = option_value(cli, 'I');
    int code = begin(cli, &answer, &error);
    if (code == GUAN_OK)
        code = add ? guan_cosigned(cli->guan, add, &answer.sink, &error)
                   : guan_checkpoint(cli->guan, key_file(cli), &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_note);
}

int cmd_cosign(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    const char *key = option_given(cli, 'k') ? option_value(cli, 'k') : option_value(cli, 'f');
    if (!key) return usage_error(cli, _("which key? --key FILE"));
    answer_start(&answer, cli, false, NULL);
    return answer_finish(&answer, guan_cosign(cli->args[0], key, &answer.sink, &error), &error, render_note);
}

int cmd_prove(struct cli *cli)
{
    struct answer answer;
    struct guan_error error;
    const char *from = option_value(cli, 'F');
    if ((cli->arg_count > 0) == (from != NULL)) return usage_error(cli, _("either an entry or --from"));
    int code = begin(cli, &answer, &error);
    if (code == GUAN_OK) code = guan_prove(cli->guan, from ? NULL : cli->args[0], from, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_proof);
}

int cmd_tiles(struct cli *cli)
{
    struct answer answer;
    struct guan_error error;
    const char *dir = option_value(cli, 'o');
    if (!dir) return usage_error(cli, _("which folder? -o DIR"));
    int code = begin(cli, &answer, &error);
    if (code == GUAN_OK) code = guan_tiles(cli->guan, dir, &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_tiles);
}

int cmd_receipt(struct cli *cli)
{
    struct answer answer;
    struct guan_error error;
    const char *text = option_value(cli, 'H');
    if ((cli->arg_count > 0) == (text != NULL)) return usage_error(cli, _("either a case or --check"));
    int code = begin(cli, &answer, &error);
    if (code == GUAN_OK)
        code = text ? guan_receipt_check(cli->guan, text, &answer.sink, &error)
                    : guan_receipt(cli->guan, cli->args[0], key_file(cli), &answer.sink, &error);
    return answer_finish(&answer, code, &error, render_receipt);
}

/* --- verify --------------------------------------------------------------------------------------------------------- */

int cmd_verify(struct cli *cli)
{
    struct answer answer;
    struct guan_error error;
    struct progress progress;
    struct guan_verify_options options = {
        .against = option_value(cli, 'A'), .authority = option_value(cli, 'J'), .user = &progress};
    options.keys = option_values(cli, 'k', &options.key_count);
    options.progress = progress_start(&progress, _("entries read"));
    int code = begin(cli, &answer, &error);
    if (code == GUAN_OK) code = guan_verify_against(cli->guan, &options, &answer.sink, &error);
    progress_end(&progress);
    return answer_finish(&answer, code, &error, render_verify);
}
