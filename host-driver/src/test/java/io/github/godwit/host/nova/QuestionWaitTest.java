package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a decision waits for nova-compute's question, in minutes. */
class QuestionWaitTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1, false",
        "2, 1, false", // somebody follows it
        "2, 2, true",
        "700, 0, false",
        "719, 1, false",
        "720, 0, true",
        "1, 60, false", // followed before it waited
    })
    void aDecisionIsKeptAsLongAsSomebodyFollowsItUpToTwelveHours(long waited, long unfollowed, boolean givenUp) {
        assertThat(QuestionWait.surrender(Duration.ofMinutes(waited), Duration.ofMinutes(unfollowed))
                        .isPresent())
                .isEqualTo(givenUp);
    }
}
