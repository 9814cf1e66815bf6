/* work: a worker that fires what is due and seals the record, for ever. Sleeps until the next due time, looks for new ones every
 * second, and stops cleanly, between two transactions, on SIGTERM or SIGINT. Tells a supervisor how it stands (the protocol of
 * sd_notify). */
#include "answer.h"
#include "render.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 1000 };

static void notify(const char *text)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || !*path || strlen(path) >= sizeof address.sun_path) return;
    memcpy(address.sun_path, path, strlen(path));
    if (address.sun_path[0] == '@') address.sun_path[0] = 0; /* the abstract name space */
    int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (file < 0) return;
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    /* A supervisor that does not listen is its own affair: nothing depends on it. */
    ssize_t sent = sendto(file, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&address, length);
    (void)sent;
    close(file);
}

/* How many timers one tick fired, from its answer. */
static int count_fired(void *user, const char *json, size_t length)
{
    size_t *fired = user;
    json_t *answer = json_loadb(json, length, 0, NULL);
    *fired += json_array_size(json_object_get(answer, "fired"));
    json_decref(answer);
    return 0;
}

/* True: a signal to stop came. */
static bool sleep_for(const sigset_t *signals, int64_t ms)
{
    struct timespec time = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    return sigtimedwait(signals, NULL, &time) > 0;
}

int cmd_work(struct cli *cli)
{
    struct guan_error error = {0};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int code = open_store(cli, &error);
    if (code != GUAN_OK) return engine_error(cli, &error);
    size_t all = 0;
    const char *every = option_value(cli, 'P');
    notify("READY=1\nSTATUS=watching\n");
    for (bool stop = false; code == GUAN_OK && !stop;) {
        size_t fired = 0;
        int64_t wait = -1, seal = -1;
        const struct guan_sink sink = {count_fired, &fired};
        const struct guan_command tick = {.verb = GUAN_TICK};
        code = guan_command(cli->guan, &tick, &sink, &error);
        all += fired;
        if (fired) {
            printf("%s\n", say(cli, _("fired %zu, %zu since the start"), fired, all));
            fflush(stdout);
            notify(say(cli, "STATUS=fired %zu\n", all));
        }
        if (code == GUAN_OK) code = guan_seal(cli->guan, key_file(cli), every ? every : "PT1H", &seal, &error);
        if (code == GUAN_OK) code = guan_next_due(cli->guan, &wait, &error);
        if (seal >= 0 && (wait < 0 || seal < wait)) wait = seal;
        if (code == GUAN_OK) stop = sleep_for(&signals, wait < 0 || wait > LOOK_MS ? LOOK_MS : wait);
    }
    notify("STOPPING=1\n");
    return code == GUAN_OK ? GUAN_OK : engine_error(cli, &error);
}
