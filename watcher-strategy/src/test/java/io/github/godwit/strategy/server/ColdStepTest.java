package io.github.godwit.strategy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.Cloud.ServerState;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColdStepTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "h1, ACTIVE, resize_prep, GOES_ON",
                "h1, RESIZE, resize_migrating, GOES_ON",
                "h1, RESIZE, -, GOES_ON",
                "h2, VERIFY_RESIZE, resize_finish, GOES_ON",
                "h2, VERIFY_RESIZE, -, TO_BE_CONFIRMED",
                "h2, SHUTOFF, -, ARRIVED",
                "h2, ACTIVE, -, ARRIVED",
                "h1, SHUTOFF, -, STAYED",
                "h1, ERROR, -, BROKEN",
                "h2, ERROR, -, BROKEN"
            })
    void theStateOfTheServerTells(String host, String status, String task, ColdStep step) {
        assertThat(ColdStep.of(Optional.of(new ServerState("s", host, status, task, false)), "h1"))
                .isEqualTo(step);
    }

    @Test
    void aServerThatNovaDoesNotHaveIsGone() {
        assertThat(ColdStep.of(Optional.empty(), "h1")).isEqualTo(ColdStep.GONE);
    }
}
