/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of the guest, from its command line or from "set". */
#ifndef PARAMETERS_H
#define PARAMETERS_H

#include <stdbool.h>
#include <stdint.h>

enum pattern { SEQUENTIAL, RANDOM, HOTSPOT };

struct parameters {
    uint32_t touched;   /* MiB filled with content */
    uint32_t ws;        /* MiB at their start that are written; all of them when not given */
    uint32_t dirty;     /* KiB/s, in whole pages of 4 KiB */
    uint32_t pattern;   /* enum pattern */
    uint32_t entropy;   /* per mille of 8 bits per byte */
    uint32_t change;    /* bytes changed by one page write */
    uint32_t cpu;       /* per mille of a slice spent computing, writes not included */
    uint32_t seed;
    uint32_t slice;     /* microseconds */
    uint32_t tick;      /* seconds between two automatic verifications; 0 for none */
    uint32_t pulse;     /* slices between two dots on the console, which show the speed; 0 for none */
};

extern const struct parameters parameter_defaults;

/*
 * Reads "key=value ..." over what parameters holds. At the first unknown key or bad value it prints an error line
 * and returns false; parameters may then be partly changed, so pass a copy.
 */
bool parameters_parse(char *text, struct parameters *parameters);

/* Checks the combination of values against the available memory; prints an error line when it returns false. */
bool parameters_consistent(struct parameters *parameters, uint32_t available_mib);

void parameters_print(const struct parameters *parameters);

#endif
