/* audit replay: cases performed again from their record. */
#include "answer.h"
#include "render.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* On a terminal only, and not more often than somebody can read it. */
struct drawing {
    struct timespec last;
    bool drawn;
};

static void draw(void *user, uint64_t done, uint64_t all)
{
    struct drawing *drawing = user;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t ms = (now.tv_sec - drawing->last.tv_sec) * 1000 + (now.tv_nsec - drawing->last.tv_nsec) / 1000000;
    if (ms < 200) return;
    drawing->last = now;
    drawing->drawn = true;
    fprintf(stderr, _("\r%llu of %llu cases"), (unsigned long long)done, (unsigned long long)all);
    fflush(stderr);
}

int cmd_replay(struct cli *cli)
{
    struct answer answer;
    struct guan_error error = {0};
    struct drawing drawing = {0};
    struct guan_replay_options options = {
        .cases = (const char *const *)cli->args, .case_count = (size_t)cli->arg_count, .user = &drawing};
    if (option_given(cli, 'Y') && cli->arg_count > 0) return usage_error(cli, _("either cases or --all"));
    if (isatty(STDERR_FILENO)) options.progress = draw;
    clock_gettime(CLOCK_MONOTONIC, &drawing.last);
    answer_start(&answer, cli, true, NULL);
    int code = open_store(cli, &error);
    if (code == GUAN_OK) code = guan_replay(cli->guan, &options, &answer.sink, &error);
    if (drawing.drawn) fputs("\r\033[K", stderr);
    return answer_finish(&answer, code, &error, render_replay);
}
