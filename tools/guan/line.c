/* libedit, for one line at a time.
 *
 * Ctrl-C is a key here and no signal: the terminal's own is switched off while a line is read, so that nothing is interrupted but
 * the line. The program stays in the C locale; only while libedit runs does the thread read and measure characters as UTF-8. */
#include "line.h"

#include "print.h"
#include "width.h"

#include <histedit.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

struct line {
    struct cli *cli;
    EditLine *edit;
    locale_t utf8;
    const char *prompt;
    const char *const *words;
    size_t count;
};

static struct line *line_of(EditLine *edit)
{
    void *line = NULL;
    el_get(edit, EL_CLIENTDATA, &line);
    return line;
}

static char *show_prompt(EditLine *edit)
{
    static char none[] = "";
    struct line *line = line_of(edit);
    return line ? (char *)(uintptr_t)line->prompt : none; /* libedit only reads it */
}

static unsigned char give_up(EditLine *edit, wint_t key)
{
    (void)edit;
    (void)key;
    return CC_EOF;
}

/* Longest beginning that two words share, of whole characters. */
static size_t shared(const char *a, const char *b, size_t most)
{
    size_t length = 0;
    while (length < most && a[length] && a[length] == b[length]) length++;
    while (length > 0 && (a[length] & 0xC0) == 0x80) length--;
    return length;
}

static void show_words(const struct line *line, const char *typed, size_t length)
{
    putchar('\n');
    for (size_t i = 0; i < line->count; i++)
        if (strncmp(line->words[i], typed, length) == 0) printf("  %s", safe(line->cli, line->words[i]));
    putchar('\n');
    fflush(stdout);
}

static unsigned char complete(EditLine *edit, wint_t key)
{
    struct line *line = line_of(edit);
    const LineInfo *info = el_line(edit);
    size_t length = (size_t)(info->cursor - info->buffer), most = 0, found = 0;
    const char *word = NULL;
    (void)key;
    const char *typed = line ? say(line->cli, "%.*s", (int)length, info->buffer) : "";
    for (size_t i = 0; line && i < line->count; i++) {
        if (strncmp(line->words[i], typed, length) != 0) continue;
        most = word ? shared(word, line->words[i], most) : strlen(line->words[i]);
        word = line->words[i];
        found++;
    }
    if (!word || (found == 1 && most == length)) return CC_REFRESH_BEEP;
    if (most > length)
        return el_insertstr(edit, say(line->cli, "%.*s", (int)(most - length), word + length)) == 0 ? CC_REFRESH : CC_ERROR;
    show_words(line, typed, length);
    return CC_REDISPLAY;
}

struct line *line_open(struct cli *cli)
{
    struct line *line = scratch_take(cli, sizeof *line);
    if (!line) return NULL;
    line->cli = cli;
    line->prompt = "";
    line->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (line->utf8 == (locale_t)0) return NULL;
    locale_t before = uselocale(line->utf8);
    line->edit = el_init("guan", stdin, stdout, stderr);
    if (line->edit) {
        el_set(line->edit, EL_CLIENTDATA, line);
        el_set(line->edit, EL_PROMPT, show_prompt);
        el_set(line->edit, EL_EDITOR, "emacs");
        el_set(line->edit, EL_SIGNAL, 1); /* a terminal that hangs up, a window that changes its size */
        el_set(line->edit, EL_SETTY, "-d", "-isig", NULL);
        /* Wide, since libedit keeps these texts as they are and would lose copies of narrow ones. */
        el_wset(line->edit, EL_ADDFN, L"guan-give-up", L"give up", give_up);
        el_wset(line->edit, EL_ADDFN, L"guan-complete", L"complete", complete);
        el_set(line->edit, EL_BIND, "^C", "guan-give-up", NULL);
        el_set(line->edit, EL_BIND, "^I", "guan-complete", NULL);
    }
    uselocale(before);
    if (line->edit) return line;
    freelocale(line->utf8);
    return NULL;
}

void line_close(struct line *line)
{
    if (!line) return;
    locale_t before = uselocale(line->utf8);
    el_end(line->edit);
    uselocale(before);
    freelocale(line->utf8);
}

const char *line_read(struct line *line, const char *prompt, const char *const *words, size_t count)
{
    int length = 0;
    line->prompt = prompt;
    line->words = words;
    line->count = count;
    fflush(stdout);
    locale_t before = uselocale(line->utf8);
    el_set(line->edit, EL_PREP_TERM, 1); /* before the prompt: what is typed at once is for libedit, too */
    const char *typed = el_gets(line->edit, &length);
    uselocale(before);
    if (!typed || length <= 0) return NULL;
    while (length > 0 && strchr(" \t\r\n", typed[length - 1])) length--;
    while (length > 0 && strchr(" \t", *typed)) typed++, length--;
    return say(line->cli, "%.*s", length, typed);
}
