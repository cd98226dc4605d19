package io.github.godwit.strategy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.NovaFacts.Server;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.plan.ScheduleSources;
import io.github.godwit.strategy.plan.ScheduleTerms;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleParametersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static ScheduleTerms read(String json, Map<String, Server> servers) {
        return ScheduleParameters.read(
                Texts.tree(json),
                Optional.of(new NovaFacts(Map.of(), List.of(), servers)),
                new ScheduleSources(
                        Racks.NONE, () -> ScheduleTerms.WITH_NOVA, () -> new DurationErrors(0.4, 2), List::of),
                NOW);
    }

    @Test
    void aDeadlineIsATimeOrADuration() {
        assertThat(ScheduleParameters.deadline("2026-03-01T15:00:00+01:00", NOW))
                .isEqualTo(Instant.parse("2026-03-01T14:00:00Z"));
        assertThat(ScheduleParameters.deadline("PT90M", NOW)).isEqualTo(Instant.parse("2026-03-01T13:30:00Z"));
        assertThat(ScheduleParameters.deadline("", NOW)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"14:00", "tomorrow", "2026-03-01T14:00:00", "P", "PT9999999999999999999S"})
    void anotherTextIsRefused(String text) {
        assertThatThrownBy(() -> ScheduleParameters.deadline(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The deadline '%s' is neither a time".formatted(text));
    }

    @Test
    void aDeadlineThatHasPassedIsRefused() {
        assertThatThrownBy(() -> ScheduleParameters.deadline("2026-03-01T11:59:59Z", NOW))
                .hasMessage(
                        "The deadline 2026-03-01T11:59:59Z has passed; it is 2026-03-01T12:00:00Z. Name a later time.");
    }

    @Test
    void theFlavorsPriorityOverridesTheMetadatasAndTheAuditsOverridesBoth() {
        Map<String, String> five = Map.of("godwit:priority", "5");
        Map<String, String> seven = Map.of("godwit:priority", "7");
        Map<String, Server> servers = Map.of(
                "a", new Server("a", "p", five),
                "b", new Server("b", "p", five, seven),
                "c", new Server("c", "p", Map.of("godwit:priority", "101"), Map.of()),
                "d", new Server("d", "p", five, Map.of("godwit:priority", "high")),
                "e", new Server("e", "p", five, seven));

        assertThat(read("{\"priorities\":{\"e\":1}}", servers).priorities())
                .isEqualTo(Map.of("a", 5, "b", 7, "d", 5, "e", 1));
    }

    @Test
    void missingParametersHaveDefaults() {
        ScheduleTerms terms = read("{}", Map.of());
        assertThat(terms.objective()).isEqualTo(Objective.EMPTY_TIME);
        assertThat(terms.parallel()).isEqualTo(32);
        assertThat(read("{\"objective\":\"violations\",\"parallel\":3}", Map.of()))
                .extracting(ScheduleTerms::objective, ScheduleTerms::parallel)
                .containsExactly(Objective.WEIGHTED_VIOLATIONS, 3);
    }
}
