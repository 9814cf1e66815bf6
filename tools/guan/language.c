/* Finds the catalogue and tells gettext the language. The host need not have any locale but C.UTF-8, which glibc brings along. */
#include "language.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "guan"

/* The order of the environment's variables is gettext's own. */
static const char *from_environment(void)
{
    static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return value;
    }
    return "en";
}

/* Beside the program in the build tree, or under ../share/locale once installed. */
static bool bind_catalogue(void)
{
    static const char *const places[] = {"/locale", "/../share/locale"};
    char program[3000];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return false;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash) return false;
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char folder[3100], file[3200];
        snprintf(folder, sizeof folder, "%s%s", program, places[i]);
        snprintf(file, sizeof file, "%s/zh_CN/LC_MESSAGES/" DOMAIN ".mo", folder);
        if (access(file, R_OK) == 0) return bindtextdomain(DOMAIN, folder) != NULL;
    }
    return false;
}

const char *translated(const char *text)
{
    return text && *text ? gettext(text) : "";
}

bool language_set(const char *wanted)
{
    if (wanted && strcmp(wanted, "zh") != 0 && strcmp(wanted, "en") != 0) return false;
    if (!wanted) wanted = from_environment();
    /* English is what the program is written in: the C locale, which translates nothing. */
    if (strncmp(wanted, "zh", 2) != 0) {
        setlocale(LC_MESSAGES, "C");
        return true;
    }
    if (!setlocale(LC_MESSAGES, "C.UTF-8") || setenv("LANGUAGE", "zh_CN", 1) != 0 || !bind_catalogue()) return true;
    bind_textdomain_codeset(DOMAIN, "UTF-8"); /* LC_CTYPE stays C, where gettext would print question marks */
    textdomain(DOMAIN);
    return true;
}
