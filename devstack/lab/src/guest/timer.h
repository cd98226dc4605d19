/* SPDX-License-Identifier: Apache-2.0 */
/* The slice timer: the PIT's periodic interrupt. */
#ifndef TIMER_H
#define TIMER_H

#include <stdint.h>

/* Starts ticking, one tick per slice. */
void timer_start(uint32_t slice_us);

/* Starts a new period now and drops pending ticks. */
void timer_restart(void);

uint32_t timer_now(void);

/* Sleeps, so that the host sees an idle vCPU, until the tick counter differs from the given one. */
void timer_wait_beyond(uint32_t ticks);

/* Cycles of the time stamp counter per millisecond, measured against the PIT. */
uint32_t timer_cycles_per_ms(void);

static inline uint64_t cycles(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

#endif
