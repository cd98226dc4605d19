package io.github.godwit.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LoopTest {

    @Test
    void aTaskThatFailsRunsAgain() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        ScheduledExecutorService thread = DaemonThreads.scheduled("test");
        try {
            var unused = thread.scheduleWithFixedDelay(
                    new Loop("The test", () -> {
                        if (runs.incrementAndGet() < 3) {
                            throw new IllegalStateException("run " + runs);
                        }
                        thread.shutdown();
                    }),
                    0,
                    1,
                    TimeUnit.MILLISECONDS);
            assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            assertThat(runs).hasValue(3);
        } finally {
            thread.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "thread"})
    void anErrorEndsTheProcessSoThatItsServiceManagerStartsItAgain(String where) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Failing.class.getName(),
                        where)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(Loop.EXIT_STATUS);
    }

    /** A process one of whose tasks fails with an error. */
    static final class Failing {

        private Failing() {}

        public static void main(String[] arguments) throws InterruptedException {
            Runnable fails = () -> {
                throw new StackOverflowError("played");
            };
            if (arguments[0].equals("loop")) {
                var unused = DaemonThreads.scheduled("test")
                        .scheduleWithFixedDelay(new Loop("The test", fails), 0, 1, TimeUnit.SECONDS);
            } else {
                DaemonThreads.start("test", fails);
            }
            TimeUnit.SECONDS.sleep(20);
        }
    }
}
