/* SPDX-License-Identifier: Apache-2.0 */
#include "workload.h"

#include "arithmetic.h"
#include "memory.h"
#include "timer.h"

enum { PAGES_PER_MIB = 256, PAGE_KIB = 4, US_PER_SECOND = 1000000, OWED_PER_PAGE = PAGE_KIB * US_PER_SECOND };

static uint32_t iterations_per_slice, iterations;
static uint64_t owed;           /* KiB * us / s: rest of the write quota that is less than a page */
static uint64_t owed_per_slice;
static uint32_t ws_pages, hot_pages, pattern, next_page;
static uint32_t random_state = 0x2545F491;

/* Work is a number of iterations, not a duration, so a slowed vCPU needs longer for it. */
__attribute__((noinline)) static void compute(uint32_t count) {
    if (count)
        __asm__ volatile(".balign 16\n1: decl %0\n jnz 1b" : "+r"(count) : : "cc");
}

/* The median of the trials, because the host may interrupt one or boost another for a moment. */
void workload_calibrate(uint32_t cycles_per_ms, uint32_t slice_us) {
    enum { TRIALS = 101, ITERATIONS = 300000 };
    uint64_t sorted[TRIALS];
    for (int trial = 0; trial < TRIALS; trial++) {
        uint64_t start = cycles();
        compute(ITERATIONS);
        uint64_t spent = cycles() - start;
        int place = trial;
        for (; place > 0 && sorted[place - 1] > spent; place--)
            sorted[place] = sorted[place - 1];
        sorted[place] = spent;
    }
    uint64_t cycles_per_slice = (uint64_t)cycles_per_ms * slice_us / 1000;
    iterations_per_slice = (uint32_t)(cycles_per_slice * ITERATIONS / sorted[TRIALS / 2]);
}

void workload_configure(const struct parameters *parameters) {
    ws_pages = parameters->ws * PAGES_PER_MIB;
    hot_pages = ws_pages / 10;
    pattern = parameters->pattern;
    owed_per_slice = (uint64_t)parameters->dirty * parameters->slice;
    iterations = (uint32_t)((uint64_t)iterations_per_slice * parameters->cpu / 1000);
}

static uint32_t random_below(uint32_t limit) {
    random_state = xorshift(random_state);
    return scale(random_state, limit);
}

static uint32_t choose_page(void) {
    if (pattern == SEQUENTIAL) {
        next_page = next_page + 1 < ws_pages ? next_page + 1 : 0;
        return next_page;
    }
    if (pattern == HOTSPOT) /* nine writes of ten go to a tenth of the pages */
        return random_below(10) ? random_below(hot_pages) : hot_pages + random_below(ws_pages - hot_pages);
    return random_below(ws_pages);
}

void workload_run_slice(void) {
    for (owed += owed_per_slice; owed >= OWED_PER_PAGE; owed -= OWED_PER_PAGE)
        memory_write(choose_page());
    compute(iterations);
}

uint32_t workload_iterations_per_slice(void) {
    return iterations_per_slice;
}
