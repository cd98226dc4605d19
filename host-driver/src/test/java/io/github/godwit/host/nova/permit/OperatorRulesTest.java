package io.github.godwit.host.nova.permit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host reports under its operator's rules, and after a restart. */
class OperatorRulesTest {

    private static final HostCapabilities SOFTWARE = new HostCapabilities(
            "compute1", Version.of(10, 0), Version.of(11, 3), Map.of(Technique.DIRTY_LIMIT, "KVM has no dirty ring"));

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("state/nova-configuration.json");
    }

    private OperatorRules rules() {
        return new OperatorRules("compute1", file, AdviceMode.ADVISE, hostSwitch());
    }

    private AdviceSwitch hostSwitch() {
        return new AdviceSwitch(directory.resolve("state/switch.json"), CLOCK);
    }

    private static NovaConfiguration permissive(boolean enabled) {
        return new NovaConfiguration(
                true, true, 400, 10, 75, 100, false, false, 4, "abort", 800, List.of("WARP"), List.of(), enabled);
    }

    @Test
    void untilNovaComputeHasSentItsConfigurationNovasDefaultsHold() {
        HostCapabilities reported = rules().applyTo(SOFTWARE);

        assertThat(reported.forbidden()).isEqualTo(NovaConfiguration.NOVA_DEFAULTS.forbidden("compute1"));
        assertThat(reported.limits().downtimeLimit()).isEqualTo(Duration.ofMillis(500));
        assertThat(reported.refused()).isEqualTo(SOFTWARE.refused());
        assertThat(reported.reservedMemory()).isEqualTo(MemorySize.ofMebibytes(512));
    }

    @Test
    void theLastConfigurationHoldsAlsoAfterARestart() {
        OperatorRules rules = rules();
        assertThat(rules.receive(permissive(true))).singleElement().asString().contains("WARP");
        assertThat(rules.receive(null)).isEmpty();

        for (OperatorRules each : List.of(rules, rules())) {
            HostCapabilities reported = each.applyTo(SOFTWARE);
            assertThat(reported.forbidden()).isEmpty();
            assertThat(reported.limits().downtimeLimit()).isEqualTo(Duration.ofMillis(400));
            assertThat(reported.limits().multifdChannels()).isEqualTo(4);
        }

        rules.receive(NovaConfiguration.NOVA_DEFAULTS);
        assertThat(rules().applyTo(SOFTWARE).forbidden()).containsKey(Technique.POST_COPY);
    }

    @Test
    void anUnreadableFileCostsNothingButTheConfiguration() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{");

        assertThat(rules().applyTo(SOFTWARE).forbidden()).containsKey(Technique.POST_COPY);
    }

    @Test
    void whereItIsNotEnabledNoTechniqueCanBeChosen() {
        OperatorRules rules = rules();
        rules.receive(permissive(false));

        assertThat(rules.applyTo(SOFTWARE).forbidden())
                .hasSize(Technique.values().length)
                .containsEntry(
                        Technique.PRE_COPY,
                        "is not used for migrations from compute1: [godwit] enabled is False in its nova.conf");
        assertThat(rules.silence())
                .hasValue("No technique is chosen for migrations from compute1:"
                        + " [godwit] enabled is False in its nova.conf.");
        rules.receive(permissive(true));
        assertThat(rules.silence()).isEmpty();
    }

    @Test
    void withoutAdviceNoTechniqueCanBeChosen() {
        OperatorRules rules = new OperatorRules("compute1", file, AdviceMode.SILENT, hostSwitch());
        rules.receive(permissive(true));

        assertThat(rules.applyTo(SOFTWARE).forbidden())
                .hasSize(Technique.values().length)
                .containsEntry(
                        Technique.PRE_COPY,
                        "is not used for migrations from compute1: its host driver runs with --no-advice");
        assertThat(rules.silence()).isPresent();
    }

    @Test
    void eitherSideCanObserve() {
        assertThat(rules().observes()).isEmpty();
        OperatorRules started = new OperatorRules("compute1", file, AdviceMode.OBSERVE, hostSwitch());
        assertThat(started.observes())
                .hasValue("Godwit only observes migrations from compute1: its host driver runs with --observe.");
        // What could be chosen stays known.
        assertThat(started.silence()).isEmpty();
        assertThat(started.applyTo(SOFTWARE).forbidden()).doesNotContainKey(Technique.PRE_COPY);

        OperatorRules rules = rules();
        rules.receive(new NovaConfiguration(
                true, true, 400, 10, 75, 100, false, false, 4, "abort", 800, List.of(), List.of(), false, null, null,
                true));
        for (OperatorRules each : List.of(rules, rules())) {
            assertThat(each.observes())
                    .hasValue(
                            "Godwit only observes migrations from compute1: [godwit] observe is True in its nova.conf.");
            assertThat(each.silence()).isEmpty();
        }
    }

    @Test
    void theSwitchOfTheHostHoldsAlsoAfterARestartUntilItIsTurnedAgain() throws IOException {
        hostSwitch().turn(false, "ticket 7");

        OperatorRules off = rules();
        assertThat(off.silence())
                .hasValue("No technique is chosen for migrations from compute1:"
                        + " Godwit was switched off there at 2026-01-02T03:04:05Z: ticket 7.");
        assertThat(off.applyTo(SOFTWARE).forbidden()).hasSize(Technique.values().length);

        hostSwitch().turn(true, "ignored");
        assertThat(rules().silence()).isEmpty();
        assertThat(hostSwitch().position().reason()).isEmpty();
    }

    @Test
    void aSwitchThatCannotBeReadIsOff() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file.resolveSibling("switch.json"), "{");

        assertThat(hostSwitch().position().enabled()).isFalse();
        assertThat(rules().silence())
                .hasValueSatisfying(reason -> assertThat(reason).contains("switch.json cannot be read"));
    }
}
