package io.github.godwit.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

    private static final String STAT = "42 (qemu (1) x) %s 1 42 42 0 -1 4194560 1 0 0 0 7 3 0 0 20 0 4 0 98765 1 2 3";

    @Test
    void theStartTimeIsField22WhateverTheNameHolds() {
        assertThat(ProcessIdentity.parse(42, STAT.formatted("S"))).contains(new ProcessIdentity(42, 98765));
    }

    @Test
    void aZombieIsNoProcess() {
        assertThat(ProcessIdentity.parse(42, STAT.formatted("Z"))).isEmpty();
    }

    @Test
    void aLaterProcessWithTheSameIdIsAnother() {
        long own = ProcessHandle.current().pid();
        ProcessIdentity self = ProcessIdentity.of(own).orElseThrow();

        assertThat(self.alive()).isTrue();
        assertThat(new ProcessIdentity(own, self.startTicks() - 1).alive()).isFalse();
    }

    @Test
    void theEndOfAKilledProcessIsSeen() throws IOException {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity = ProcessIdentity.of(sleep.pid()).orElseThrow();

        assertThat(identity.awaitEnd(Duration.ofMillis(50))).isFalse();
        identity.kill();
        assertThat(identity.awaitEnd(Duration.ofSeconds(5))).isTrue();
    }
}
