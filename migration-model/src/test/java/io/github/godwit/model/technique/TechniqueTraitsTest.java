package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The settings of each technique, or the reason why it cannot run, on all releases of QEMU and libvirt where something
 * changes. The expected values are in {@code technique-settings.txt}: one line for all releases with the same result,
 * with the default tuning and then with {@link #TUNED}.
 */
class TechniqueTraitsTest {

    private static final List<String> QEMU =
            List.of("6.2", "7.0", "7.1", "8.0", "8.1", "8.2", "9.0", "9.1", "10.0", "10.1", "11.1");
    private static final List<String> LIBVIRT = List.of("1.3", "5.2", "8.1", "9.3", "9.4", "10.0", "11.3");

    /** Differs from the default in all values, which shows where each of them is used. */
    private static final MigrationTuning TUNED = new MigrationTuning(
            Duration.ofMillis(450),
            Bandwidth.ofMegabits(800),
            Bandwidth.ofMegabits(400),
            15,
            5,
            80,
            MemorySize.ofMebibytes(128),
            4,
            6,
            3,
            7,
            Duration.ofMinutes(9),
            /* postcopyFallback= */ false,
            /* zeroCopy= */ true);

    @Test
    void settings_and_reasons_of_all_techniques_on_all_releases_are_those_of_the_table() throws IOException {
        assertThat(table()).isEqualTo(expected());
    }

    private static String expected() throws IOException {
        try (InputStream table = TechniqueTraitsTest.class.getResourceAsStream("technique-settings.txt")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String table() {
        StringBuilder table = new StringBuilder();
        for (Technique technique : Technique.values()) {
            table.append(technique).append('\n');
            Set<String> lines = new LinkedHashSet<>();
            lines.addAll(lines("QEMU", QEMU, version -> onQemu(technique, version, MigrationTuning.DEFAULT)));
            lines.addAll(lines("QEMU", QEMU, version -> onQemu(technique, version, TUNED)));
            lines.addAll(lines("libvirt", LIBVIRT, version -> onLibvirt(technique, version, MigrationTuning.DEFAULT)));
            lines.addAll(lines("libvirt", LIBVIRT, version -> onLibvirt(technique, version, TUNED)));
            lines.forEach(line -> table.append("  ").append(line).append('\n'));
        }
        return table.toString();
    }

    private static List<String> lines(String software, List<String> versions, Function<Version, String> outcome) {
        Map<String, List<String>> releases = new LinkedHashMap<>();
        for (String version : versions) {
            releases.computeIfAbsent(outcome.apply(Version.parse(version)), any -> new ArrayList<>())
                    .add(version);
        }
        return releases.entrySet().stream()
                .map(each -> "%s %s: %s".formatted(software, range(each.getValue(), versions), each.getKey()))
                .toList();
    }

    /** {@code 5.0-11.1} for consecutive versions in the list; otherwise each version. */
    private static String range(List<String> agreeing, List<String> versions) {
        String first = agreeing.get(0);
        String last = agreeing.get(agreeing.size() - 1);
        boolean neighbours = versions.indexOf(last) - versions.indexOf(first) == agreeing.size() - 1;
        return !neighbours ? String.join(" ", agreeing) : first.equals(last) ? first : first + "-" + last;
    }

    private static String onQemu(Technique technique, Version qemu, MigrationTuning tuning) {
        return QemuSettings.missingIn(technique, qemu).orElseGet(() -> {
            QemuSettings settings = QemuSettings.of(technique, tuning);
            return settings(List.copyOf(settings.capabilities()), settings.parameters());
        });
    }

    private static String onLibvirt(Technique technique, Version libvirt, MigrationTuning tuning) {
        return LibvirtSettings.missingIn(technique, libvirt).orElseGet(() -> {
            LibvirtSettings settings = LibvirtSettings.of(technique, libvirt, tuning);
            String monitor = settings(List.copyOf(settings.monitorCapabilities()), settings.monitorParameters());
            return settings(List.copyOf(settings.flags()), settings.typedParameters())
                    + (monitor.equals("nothing") ? "" : "; monitor: " + monitor);
        });
    }

    private static String settings(List<String> on, Map<String, Object> values) {
        StringJoiner words = new StringJoiner(" ");
        on.forEach(words::add);
        values.forEach((name, value) -> words.add(name + "=" + value));
        return words.length() == 0 ? "nothing" : words.toString();
    }
}
