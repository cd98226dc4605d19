package io.github.godwit.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedLimitsTest {

    @TempDir
    private Path state;

    @Test
    void theFirstLimitIsKeptAcrossHostDriversUntilItIsForgotten() throws Exception {
        ReplacedLimits limits = new ReplacedLimits(state.resolve("speed-limits"));
        assertThat(limits.all()).isEmpty();
        limits.keep("a", 8_796_093_022_207L);
        limits.keep("a", 90);

        ReplacedLimits next = new ReplacedLimits(state.resolve("speed-limits"));
        assertThat(next.all()).containsExactly("a");
        assertThat(next.of("a")).hasValue(8_796_093_022_207L);
        assertThat(next.of("b")).isEmpty();

        next.forget("a");
        next.forget("a");
        assertThat(limits.all()).isEmpty();
        assertThat(limits.of("a")).isEmpty();
    }

    @Test
    void aFileThatIsNoLimitCountsAsNone() throws Exception {
        Files.writeString(state.resolve("a"), "much");
        assertThat(new ReplacedLimits(state).of("a")).isEmpty();
    }
}
