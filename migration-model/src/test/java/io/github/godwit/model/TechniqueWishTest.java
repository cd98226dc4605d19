package io.github.godwit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TechniqueWishTest {

    private static final TechniqueAvailability ALL_BUT_POST =
            new TechniqueAvailability(Map.of(Technique.POST, "no userfaultfd"));

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void nothingIsNoWish(String text) {
        assertThat(TechniqueWish.parse(text)).isEqualTo(TechniqueWish.NONE);
        assertThat(TechniqueWish.NONE.of(ALL_BUT_POST)).isEqualTo(ALL_BUT_POST);
    }

    @Test
    void aTechniqueThatIsPinnedIsTheOnlyOne() {
        assertThat(TechniqueWish.parse("MULTIFD").of(ALL_BUT_POST).available()).containsExactly(Technique.MULTIFD);
        assertThat(TechniqueWish.parse("POST").of(ALL_BUT_POST).available()).isEmpty();
        assertThat(TechniqueWish.parse("POST").of(ALL_BUT_POST).unavailable())
                .containsEntry(Technique.POST, "no userfaultfd");
    }

    @Test
    void techniquesThatAreExcludedAreLeftOut() {
        assertThat(TechniqueWish.parse("!MULTIFD, !PRE").of(ALL_BUT_POST).available())
                .doesNotContain(Technique.MULTIFD, Technique.PRE, Technique.POST)
                .hasSize(Technique.values().length - 3);
    }

    @Test
    void novaLeavesNothing() {
        assertThat(TechniqueWish.parse("Nova").nova()).isTrue();
        assertThat(TechniqueWish.parse("nova").of(ALL_BUT_POST).available()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"WARP", "!WARP", "POST,PRE"})
    void nonsenseIsRefused(String text) {
        assertThatThrownBy(() -> TechniqueWish.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text.contains("WARP") ? "WARP" : "two techniques");
    }
}
