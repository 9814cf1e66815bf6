/* Talks to a program on a terminal of its own, 80 columns wide: `talk PROGRAM ARGUMENT… <CONVERSATION`.
 *
 *   ? TEXT   waits until TEXT was written, after what was waited for before
 *   ! TEXT   types it: \r return, \t Tab, \3 Ctrl-C, \4 Ctrl-D
 *
 * Then waits for the end. What the program wrote goes to stdout without carriage returns; its exit code is the code; 99 when a
 * text did not come in half a minute, 77 when there are no terminals here. */
#define _XOPEN_SOURCE 700 /* terminals */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE_MS 30000

struct talk {
    int terminal;
    pid_t child;
    char *seen;
    size_t length, capacity, mark; /* what was waited for ends at `mark` */
};

static void become(const char *terminal, char **argv)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    setsid();
    int file = open(terminal, O_RDWR);
    if (file < 0 || ioctl(file, TIOCSCTTY, 0) != 0 || ioctl(file, TIOCSWINSZ, &size) != 0) _exit(77);
    for (int i = 0; i < 3; i++) dup2(file, i);
    if (file > 2) close(file);
    execv(argv[0], argv);
    _exit(127);
}

/* Reads once; false at the end or when nothing comes. */
static bool hear(struct talk *talk)
{
    struct pollfd poller = {.fd = talk->terminal, .events = POLLIN};
    if (talk->length + 4096 > talk->capacity) {
        talk->capacity = talk->capacity * 2 + 8192;
        talk->seen = realloc(talk->seen, talk->capacity);
        if (!talk->seen) exit(99);
    }
    if (poll(&poller, 1, PATIENCE_MS) <= 0) return false;
    ssize_t got = read(talk->terminal, talk->seen + talk->length, 4095);
    if (got <= 0) return false;
    talk->length += (size_t)got;
    talk->seen[talk->length] = '\0';
    return true;
}

static bool wait_for(struct talk *talk, const char *text)
{
    for (;;) {
        char *at = talk->seen ? strstr(talk->seen + talk->mark, text) : NULL;
        if (at) {
            talk->mark = (size_t)(at - talk->seen) + strlen(text);
            return true;
        }
        if (!hear(talk)) return false;
    }
}

static void type(struct talk *talk, const char *text)
{
    for (; *text; text++) {
        char key = *text;
        if (key == '\\' && text[1]) {
            key = *++text;
            if (key == 'r') key = '\r';
            else if (key == 't') key = '\t';
            else if (key == '3' || key == '4') key = (char)(key - '0');
        }
        if (write(talk->terminal, &key, 1) != 1) return;
    }
}

static bool converse(struct talk *talk)
{
    char line[1000];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '!') type(talk, line + 2);
        if (line[0] != '?' || wait_for(talk, line + 2)) continue;
        fprintf(stderr, "talk: this did not come: %s\n", line + 2);
        return false;
    }
    while (hear(talk)) continue;
    return true;
}

int main(int argc, char **argv)
{
    struct talk talk = {.terminal = posix_openpt(O_RDWR | O_NOCTTY)};
    if (argc < 2) return 99;
    if (talk.terminal < 0 || grantpt(talk.terminal) != 0 || unlockpt(talk.terminal) != 0) return 77;
    const char *name = ptsname(talk.terminal);
    if (!name) return 77;
    talk.child = fork();
    if (talk.child == 0) become(name, argv + 1);
    if (talk.child < 0) return 99;
    bool told = converse(&talk);
    if (!told) kill(talk.child, SIGKILL);
    int status = 0;
    while (waitpid(talk.child, &status, 0) < 0 && errno == EINTR) continue;
    for (size_t i = 0; i < talk.length; i++)
        if (talk.seen[i] != '\r') putchar(talk.seen[i]);
    free(talk.seen);
    if (!told) return 99;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
