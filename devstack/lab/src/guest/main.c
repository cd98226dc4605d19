/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lab's guest: memory of known content, written at a known rate, and a vCPU used to a known degree. It works in
 * slices and sends one heartbeat byte per completed slice; their rate is the rate of work, their counter shows losses.
 */
#include <stddef.h>

#include "console.h"
#include "content.h"
#include "memory.h"
#include "parameters.h"
#include "text.h"
#include "timer.h"
#include "workload.h"

enum { SLICES_PER_POLL = 10, COMMAND_LINE_LENGTH = 512, MICROSECONDS = 1000000 };

/* QEMU's machine pc has a hole for devices below 4 GiB: of a larger memory, only 3 GiB are below it. */
enum { MOST_UPPER_KIB = (3 << 20) - 1024 };

struct multiboot {
    uint32_t flags, memory_lower_kib, memory_upper_kib, boot_device;
    uint32_t command_line;
};
enum { HAS_MEMORY = 1, HAS_COMMAND_LINE = 4 };

extern uint8_t image_end[];

static struct parameters parameters;
static uint64_t slices, late_slices;

static void print_verification(void) {
    struct verification found = memory_verify();
    bool ok = !found.bad_pages && found.writes == found.versions;
    print(ok ? "verify ok" : "verify BAD");
    print_field("pages", found.pages);
    print_field("writes", found.writes);
    print_field("versions", found.versions);
    print_field("bad", found.bad_pages);
    if (found.bad_pages)
        print_field("first", found.first_bad_frame);
    print("\n");
}

static void print_statistics(void) {
    print("stats");
    print_field("slices", slices);
    print_field("writes", memory_writes());
    print_field("late", late_slices);
    print("\n");
}

static void print_parameters(const char *what) {
    print(what);
    parameters_print(&parameters);
    print_field("iterations", workload_iterations_per_slice());
    print("\n");
}

static void change_parameters(char *assignments) {
    struct parameters wanted = parameters;
    if (!parameters_parse(assignments, &wanted) || !parameters_consistent(&wanted, parameters.touched))
        return;
    if (wanted.touched != parameters.touched || wanted.seed != parameters.seed || wanted.slice != parameters.slice) {
        print("error touched, seed and slice are fixed at boot\n");
        return;
    }
    bool new_content = wanted.entropy != parameters.entropy || wanted.change != parameters.change;
    parameters = wanted;
    workload_configure(&parameters);
    if (new_content) {
        content_choose(parameters.entropy, parameters.change, parameters.seed);
        memory_lay();
    }
    print_parameters("set ok");
}

static void obey(char *line) {
    char *command = text_next_word(&line);
    if (!command)
        return;
    if (text_equals(command, "verify"))
        print_verification();
    else if (text_equals(command, "stats"))
        print_statistics();
    else if (text_equals(command, "show"))
        print_parameters("show");
    else if (text_equals(command, "set"))
        change_parameters(line);
    else {
        print("error unknown command ");
        print(command);
        print(", known are verify stats show set\n");
    }
}

static _Noreturn void work(void) {
    for (uint8_t beat = 0;; beat++) {
        uint32_t started = timer_now();
        workload_run_slice();
        heartbeat(beat);
        slices++;
        if (parameters.pulse && slices % parameters.pulse == 0)
            print(".");
        if (parameters.tick && slices % (parameters.tick * (MICROSECONDS / parameters.slice)) == 0)
            print_verification();
        if (slices % SLICES_PER_POLL == 0) {
            char *line = console_poll_line();
            if (line)
                obey(line);
        }
        if (timer_now() == started) {
            timer_wait_beyond(started);
        } else {        /* late: the next slice starts now, and the lost time is not made up */
            late_slices++;
            timer_restart();
        }
    }
}

/* A copy, because the content overwrites the original. QEMU puts the file's name before the text of -append. */
static char *copy_command_line(const struct multiboot *multiboot) {
    static char copy[COMMAND_LINE_LENGTH];
    const char *original = (const char *)(uintptr_t)multiboot->command_line;
    if (multiboot->flags & HAS_COMMAND_LINE)
        for (uint32_t length = 0; original[length] && length < COMMAND_LINE_LENGTH - 1; length++)
            copy[length] = original[length];
    char *rest = copy;
    text_next_word(&rest);
    return rest;
}

/* Called by boot.S. */
_Noreturn void guest_main(const struct multiboot *multiboot);
_Noreturn void guest_failed(void);

void guest_failed(void) {
    print("error a processor exception: the guest's code or tables are damaged\n");
    halt();
}

void guest_main(const struct multiboot *multiboot) {
    char *command_line = copy_command_line(multiboot);
    uint32_t first = (uint32_t)(uintptr_t)image_end;
    uint32_t upper_kib = multiboot->flags & HAS_MEMORY ? multiboot->memory_upper_kib : 0;
    uint32_t end = (1u << 20) + (upper_kib > MOST_UPPER_KIB ? MOST_UPPER_KIB : upper_kib) * 1024;
    console_start();
    parameters = parameter_defaults;
    if (!parameters_parse(command_line, &parameters)
        || !parameters_consistent(&parameters, end > first ? memory_available_mib(first, end) : 0))
        halt();
    content_choose(parameters.entropy, parameters.change, parameters.seed);
    memory_start(first, parameters.touched);
    workload_calibrate(timer_cycles_per_ms(), parameters.slice);
    workload_configure(&parameters);
    print_parameters("godwit-guest ready");
    timer_start(parameters.slice);
    work();
}
