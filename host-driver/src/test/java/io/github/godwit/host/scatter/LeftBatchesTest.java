package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.scatter.store.HeldStore;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftBatchesTest {

    private static final ScatterOrder ORDER = new ScatterOrder(List.of("r1"), 1, null);

    @TempDir
    private Path folder;

    private final Set<String> needed = ConcurrentHashMap.newKeySet();
    private boolean answers = true;
    private boolean known = true;

    private final HeldStore redis = new HeldStore("r1") {
        @Override
        protected void asked() throws IOException {
            if (!answers) {
                throw new IOException("r1 does not answer");
            }
        }
    };

    private LeftBatches left;

    private LeftBatches open() {
        left = new LeftBatches(
                folder.resolve("left"),
                (migration, order) -> {
                    if (!known) {
                        throw Refusal.conflict("no such intermediary");
                    }
                    return new ScatterTerms(migration, "", List.of(redis), order.copies(), false);
                },
                needed::contains);
        return left;
    }

    @AfterEach
    void close() {
        left.close();
    }

    private boolean isExpected(String migration) {
        return Files.exists(folder.resolve("left").resolve(migration));
    }

    @Test
    void whatAnIntermediaryDidNotRemoveIsRemovedWhenItAnswersAgain() throws Exception {
        open().expect("m", ORDER);
        redis.batches()
                .putAll(Map.of("godwit:m:0", new byte[1], "godwit:m:count", new byte[1], "godwit:n:0", new byte[1]));
        answers = false;
        left.remove();
        assertThat(redis.batches()).hasSize(3);

        answers = true;
        left.remove();

        assertThat(redis.batches()).containsOnlyKeys("godwit:n:0");
    }

    @Test
    void whatASourceStoresAfterThatIsRemovedToo() throws Exception {
        open().expect("m", ORDER);
        left.remove();
        redis.batches().put("godwit:m:7", new byte[1]);
        left.remove();
        assertThat(redis.batches()).isEmpty();
        assertThat(isExpected("m")).isTrue();

        left.remove();
        assertThat(isExpected("m")).as("nothing was found twice in a row").isFalse();
    }

    @Test
    void theNextHostDriverRemovesWhatOneThatWasKilledHasLeft() throws Exception {
        open().expect("m", ORDER);
        left.close();
        redis.batches().put("godwit:m:0", new byte[1]);

        open().remove();

        assertThat(redis.batches()).isEmpty();
    }

    @Test
    void whatMayStillBeFetchedStays() throws Exception {
        open().expect("m", ORDER);
        redis.batches().put("godwit:m:0", new byte[1]);
        needed.add("m");

        left.remove();

        assertThat(redis.batches()).hasSize(1);
        assertThat(isExpected("m")).isTrue();
    }

    @Test
    void anIntermediaryThatIsNotConfiguredAnyMoreIsLeftToItself() throws Exception {
        open().expect("m", ORDER);
        known = false;

        left.remove();

        assertThat(isExpected("m")).isFalse();
    }

    @Test
    void anIdThatIsAPathIsRefused() {
        assertThatThrownBy(() -> open().expect("../vms/db", ORDER)).isInstanceOf(IllegalArgumentException.class);
        assertThat(folder).isEmptyDirectory();
    }
}
