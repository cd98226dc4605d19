package io.github.godwit.lab.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.common.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProcessEnderTest {

    private final ProcessEnder ender = new ProcessEnder();

    private static Process shell(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script).start();
    }

    private static ProcessIdentity ref(Process process) {
        return ProcessIdentity.of(process.pid()).orElseThrow();
    }

    @Test
    void aProcessIsAskedToEndFirst() throws Exception {
        Process process = shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        assertThat(process.getInputStream().read()).isPositive();

        ender.end(List.of(ref(process)), Duration.ofSeconds(5));

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(7);
    }

    @Test
    void aProcessThatIgnoresTheSignalIsKilled() throws Exception {
        Process process = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        assertThat(process.getInputStream().read()).isPositive();

        ender.end(List.of(ref(process)), Duration.ofMillis(200));

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);
    }

    @Test
    void anotherProcessWithAReusedIdIsLeftAlone() throws Exception {
        Process process = shell("exec sleep 30");
        ProcessIdentity before = new ProcessIdentity(process.pid(), ref(process).startTicks() - 1);

        ender.end(List.of(before), Duration.ZERO);

        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly();
    }
}
