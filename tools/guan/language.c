/* Finds the catalogues and sets the language. The host need not have any locale but C.UTF-8, which glibc brings along. */
#include "language.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "guan"
#define TITLES "guan-titles"

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
static bool bind_catalogue(const char *domain, const char *language)
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
        snprintf(file, sizeof file, "%s/%s/LC_MESSAGES/%s.mo", folder, language, domain);
        if (access(file, R_OK) != 0 || !bindtextdomain(domain, folder)) continue;
        /* LC_CTYPE stays C, where gettext would print question marks */
        return bind_textdomain_codeset(domain, "UTF-8") != NULL;
    }
    return false;
}

const char *translated(const char *text)
{
    return text && *text ? gettext(text) : "";
}

const char *title_text(const char *title)
{
    return title && *title ? dgettext(TITLES, title) : "";
}

bool language_is_chinese(void)
{
    const char *language = getenv("LANGUAGE"), *locale = setlocale(LC_MESSAGES, NULL);
    return language && strncmp(language, "zh", 2) == 0 && locale && strcmp(locale, "C") != 0;
}

bool language_set(const char *wanted)
{
    if (wanted && strcmp(wanted, "zh") != 0 && strcmp(wanted, "en") != 0) return false;
    if (!wanted) wanted = from_environment();
    /* The program is written in English and its titles in Chinese: either language needs one catalogue and lacks the other. */
    bool chinese = strncmp(wanted, "zh", 2) == 0;
    const char *language = chinese ? "zh_CN" : "en", *domain = chinese ? DOMAIN : TITLES;
    /* The C locale translates nothing. */
    if (!bind_catalogue(domain, language) || setenv("LANGUAGE", language, 1) != 0 || !setlocale(LC_MESSAGES, "C.UTF-8"))
        setlocale(LC_MESSAGES, "C");
    textdomain(DOMAIN);
    return true;
}
