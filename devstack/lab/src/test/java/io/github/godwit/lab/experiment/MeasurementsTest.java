package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment that measures what is next of a, b and c once each. */
class MeasurementsTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();

    private Path file() {
        return directory.resolve("r.json");
    }

    private JsonNode saved() throws IOException {
        return new ObjectMapper().readTree(file().toFile());
    }

    private static Optional<String> next(JsonNode results) {
        return Rounds.next(
                List.of("a", "b", "c"), each -> results.path("runs").path(each).size(), 1);
    }

    private Measurements<String> measurements(Duration limit, Accelerator accelerator) {
        Setting setting = new Setting(
                new LabName("measured"), Bandwidth.parse("200mbit"), 1, limit, file(), new SystemCommands(), told::add);
        return new Measurements<>(
                setting, Measurements.setup("letters").put("vms", 3), MeasurementsTest::next, () -> accelerator);
    }

    private static String measure(String what, ObjectNode results) {
        results.withObject("/runs").withArray(what).add(1);
        return "measured " + what;
    }

    @Test
    void everythingIsMeasuredInTurnAndTold() throws Exception {
        Measurements<String> measurements = measurements(HOUR, Accelerator.TCG);
        assertThat(measurements.complete()).isFalse();
        assertThat(measurements.run(MeasurementsTest::measure)).isTrue();
        assertThat(measurements.complete()).isTrue();
        assertThat(told).containsExactly("measured a", "measured b", "measured c");
        assertThat(saved())
                .hasToString("{\"experiment\":\"letters\",\"vms\":3,\"link\":\"200mbit\",\"accelerator\":\"TCG\","
                        + "\"runs\":{\"a\":[1],\"b\":[1],\"c\":[1]}}");
    }

    @Test
    void aRunIsInTheFileBeforeTheNextBegins() throws Exception {
        Measurements<String> measurements = measurements(HOUR, Accelerator.TCG);
        assertThatThrownBy(() -> measurements.run((what, results) -> {
                    if (what.equals("b")) {
                        throw new LabException("b cannot be measured.");
                    }
                    return measure(what, results);
                }))
                .isInstanceOf(LabException.class);
        assertThat(saved().path("runs")).hasToString("{\"a\":[1]}");

        told.clear();
        assertThat(measurements(HOUR, Accelerator.TCG).run(MeasurementsTest::measure))
                .isTrue();
        assertThat(told).containsExactly("measured b", "measured c");
    }

    @Test
    void noMeasurementBeginsWhenTheTimeIsOver() throws Exception {
        assertThat(measurements(Duration.ZERO, Accelerator.TCG).run(MeasurementsTest::measure))
                .isFalse();
        assertThat(told).isEmpty();
        assertThat(file()).doesNotExist();
    }

    @Test
    void aFileWithoutAnAcceleratorGetsItWithItsNextRun() throws Exception {
        String before = "{\"experiment\":\"letters\",\"vms\":3,\"link\":\"200mbit\",\"runs\":{\"a\":[1],\"b\":[1]}}";
        Files.writeString(file(), before);
        Measurements<String> measurements = measurements(HOUR, Accelerator.KVM);
        assertThat(file()).hasContent(before);
        assertThat(measurements.run(MeasurementsTest::measure)).isTrue();
        assertThat(told).containsExactly("measured c");
        assertThat(saved().path("accelerator").asText()).isEqualTo("KVM");
    }

    @Test
    void runsUnderTcgAndKvmAreNotMixed() throws Exception {
        measurements(HOUR, Accelerator.TCG).results().save();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> measurements(HOUR, Accelerator.KVM))
                .withMessageContaining("has results with accelerator TCG, not KVM");
        measurements(HOUR, Accelerator.TCG).run(MeasurementsTest::measure);
        assertThat(measurements(HOUR, Accelerator.KVM).complete()).isTrue();
    }
}
