package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TechniqueConstraintTest {

    private static final TechniqueAvailability ALL_BUT_POST =
            new TechniqueAvailability(Map.of(Technique.POST_COPY, "no userfaultfd"));

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void nothingIsNoConstraint(String text) {
        assertThat(TechniqueConstraint.parse(text)).isEqualTo(TechniqueConstraint.NONE);
        assertThat(TechniqueConstraint.NONE.of(ALL_BUT_POST)).isEqualTo(ALL_BUT_POST);
    }

    @Test
    void aTechniqueThatIsPinnedIsTheOnlyOne() {
        assertThat(TechniqueConstraint.parse("MULTIFD").of(ALL_BUT_POST).available())
                .containsExactly(Technique.MULTIFD);
        assertThat(TechniqueConstraint.parse("POST").of(ALL_BUT_POST).available())
                .isEmpty();
        assertThat(TechniqueConstraint.parse("POST").of(ALL_BUT_POST).unavailable())
                .containsEntry(Technique.POST_COPY, "no userfaultfd");
    }

    @Test
    void techniquesThatAreExcludedAreLeftOut() {
        assertThat(TechniqueConstraint.parse("!MULTIFD, !PRE").of(ALL_BUT_POST).available())
                .doesNotContain(Technique.MULTIFD, Technique.PRE_COPY, Technique.POST_COPY)
                .hasSize(Technique.values().length - 3);
    }

    @Test
    void novaLeavesNothing() {
        assertThat(TechniqueConstraint.parse("Nova").nova()).isTrue();
        assertThat(TechniqueConstraint.parse("nova").of(ALL_BUT_POST).available())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"WARP", "!WARP", "POST,PRE"})
    void nonsenseIsRefused(String text) {
        assertThatThrownBy(() -> TechniqueConstraint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text.contains("WARP") ? "WARP" : "two techniques");
    }
}
