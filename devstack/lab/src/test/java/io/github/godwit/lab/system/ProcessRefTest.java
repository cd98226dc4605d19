package io.github.godwit.lab.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessRefTest {

    private static final String REST = " 1 4242 4242 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 987654 1000 10 0";

    @Test
    void theStartTimeIsField22AlsoBehindACommandWithBlanksAndParentheses() {
        assertThat(ProcessRef.parse(4242, "4242 (a (b) c) S" + REST)).contains(new ProcessRef(4242, 987654));
    }

    @Test
    void aProcessThatHasEndedAndWaitsForItsParentIsGone() {
        assertThat(ProcessRef.parse(4242, "4242 (qemu) Z" + REST)).isEmpty();
    }

    @Test
    void thisProcessIsAlive() {
        ProcessRef self = ProcessRef.of(ProcessHandle.current().pid()).orElseThrow();

        assertThat(self.isAlive()).isTrue();
    }

    @Test
    void anotherProcessWithAReusedIdIsNotTakenForIt() {
        ProcessRef self = ProcessRef.of(ProcessHandle.current().pid()).orElseThrow();

        assertThat(new ProcessRef(self.pid(), self.startTicks() - 1).isAlive()).isFalse();
    }
}
