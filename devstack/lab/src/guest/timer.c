/* SPDX-License-Identifier: Apache-2.0 */
#include "timer.h"

#include "supervisor.h"

enum { PIT_HZ = 1193182, PIT_CHANNEL_0 = 0x40, PIT_CHANNEL_2 = 0x42, PIT_COMMAND = 0x43, PIT_GATE = 0x61 };
enum { PIC_MASK = 0x21 };

static uint32_t period;

void timer_start(uint32_t slice_us) {
    period = (uint32_t)(((uint64_t)PIT_HZ * slice_us + 500000) / 1000000);
    port_write(PIC_MASK, 0xfe);         /* the timer's interrupt and no other */
    timer_restart();
}

void timer_restart(void) {
    port_write(PIT_COMMAND, 0x34);      /* channel 0, both bytes, mode 2: periodic */
    port_write(PIT_CHANNEL_0, (uint8_t)period);
    port_write(PIT_CHANNEL_0, (uint8_t)(period >> 8));
}

uint32_t timer_now(void) {
    return timer_ticks;
}

void timer_wait_beyond(uint32_t ticks) {
    while (timer_ticks == ticks)
        sleep_at_tick(ticks);
}

static uint64_t cycles_during_one_shot(uint32_t count) {
    port_write(PIT_GATE, (uint8_t)((port_read(PIT_GATE) & ~2) | 1));
    port_write(PIT_COMMAND, 0xb0);      /* channel 2, both bytes, mode 0: output rises at the end */
    port_write(PIT_CHANNEL_2, (uint8_t)count);
    port_write(PIT_CHANNEL_2, (uint8_t)(count >> 8));
    uint64_t start = cycles();
    while (!(port_read(PIT_GATE) & 0x20))
        ;
    return cycles() - start;
}

uint32_t timer_cycles_per_ms(void) {
    enum { TRIALS = 3, MILLISECONDS = 20 };
    uint64_t least = UINT64_MAX;        /* the host may delay the end of a trial, never bring it forward */
    for (int trial = 0; trial < TRIALS; trial++) {
        uint64_t spent = cycles_during_one_shot(PIT_HZ / 1000 * MILLISECONDS);
        if (spent < least)
            least = spent;
    }
    return (uint32_t)(least / MILLISECONDS);
}
