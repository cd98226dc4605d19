/* SPDX-License-Identifier: Apache-2.0 */
#include "parameters.h"

#include <stddef.h>

#include "console.h"
#include "text.h"

enum { WHOLE_TOUCHED = UINT32_MAX };

const struct parameters parameter_defaults = {
    .touched = 64, .ws = WHOLE_TOUCHED, .dirty = 0, .pattern = RANDOM, .entropy = 700,
    .change = 64, .cpu = 100, .seed = 1, .slice = 2000,
};

static const char *const pattern_names[] = {"seq", "random", "hotspot", NULL};

static const struct key {
    const char *name;
    uint32_t offset, least, most;
    const char *const *words;           /* instead of numbers */
} keys[] = {
#define KEY(name, least, most, words) {#name, offsetof(struct parameters, name), least, most, words}
    KEY(touched, 1, 3072, NULL),
    KEY(ws, 0, 3072, NULL),
    KEY(dirty, 0, 8 << 20, NULL),
    KEY(pattern, 0, 0, pattern_names),
    KEY(entropy, 0, 1000, NULL),
    KEY(change, 1, 4096, NULL),
    KEY(cpu, 0, 1000, NULL),
    KEY(seed, 0, UINT32_MAX, NULL),
    KEY(slice, 500, 50000, NULL),       /* a PIT period is at most 54.9 ms */
    KEY(tick, 0, 3600, NULL),
    KEY(pulse, 0, 100000, NULL),
#undef KEY
};
enum { KEYS = sizeof keys / sizeof *keys };

static uint32_t *field(struct parameters *parameters, const struct key *key) {
    return (uint32_t *)((char *)parameters + key->offset);
}

static bool reject(const struct key *key, const char *value) {
    print("error ");
    print(key->name);
    print("=");
    print(value);
    if (key->words) {
        print(" must be one of");
        for (const char *const *word = key->words; *word; word++) {
            print(" ");
            print(*word);
        }
    } else {
        print(" must be a whole number from ");
        print_number(key->least);
        print(" to ");
        print_number(key->most);
    }
    print("\n");
    return false;
}

static bool read_value(const struct key *key, const char *value, uint32_t *number) {
    if (!key->words)
        return (text_to_number(value, number) && *number >= key->least && *number <= key->most)
            || reject(key, value);
    for (uint32_t index = 0; key->words[index]; index++) {
        if (text_equals(value, key->words[index])) {
            *number = index;
            return true;
        }
    }
    return reject(key, value);
}

static bool read_assignment(char *word, struct parameters *parameters) {
    char *value = word;
    while (*value && *value != '=')
        value++;
    if (*value)
        *value++ = 0;
    for (uint32_t index = 0; index < KEYS; index++)
        if (text_equals(word, keys[index].name))
            return read_value(&keys[index], value, field(parameters, &keys[index]));
    print("error unknown parameter ");
    print(word);
    print(", known are");
    for (uint32_t index = 0; index < KEYS; index++) {
        print(" ");
        print(keys[index].name);
    }
    print("\n");
    return false;
}

bool parameters_parse(char *text, struct parameters *parameters) {
    char *word;
    while ((word = text_next_word(&text)))
        if (!read_assignment(word, parameters))
            return false;
    return true;
}

static bool refuse_more(const char *name, uint32_t value, const char *limit, uint32_t most) {
    print("error");
    print_field(name, value);
    print(" exceeds ");
    print(limit);
    print_number(most);
    print("\n");
    return false;
}

bool parameters_consistent(struct parameters *parameters, uint32_t available_mib) {
    if (parameters->touched > available_mib)
        return refuse_more("touched", parameters->touched, "the MiB that this machine leaves free: ", available_mib);
    if (parameters->ws == WHOLE_TOUCHED)
        parameters->ws = parameters->touched;
    if (parameters->ws > parameters->touched)
        return refuse_more("ws", parameters->ws, "touched=", parameters->touched);
    if (parameters->dirty && !parameters->ws)
        return refuse_more("dirty", parameters->dirty, "what ws=0 can take: ", 0);
    return true;
}

void parameters_print(const struct parameters *parameters) {
    for (uint32_t index = 0; index < KEYS; index++) {
        uint32_t value = *field((struct parameters *)parameters, &keys[index]);
        if (keys[index].words) {
            print(" ");
            print(keys[index].name);
            print("=");
            print(keys[index].words[value]);
        } else {
            print_field(keys[index].name, value);
        }
    }
}
