package io.github.godwit.host.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.qmp.QemuRelease;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.qmp.ReleasedQemu;
import io.github.godwit.model.Vms;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.IntermediaryOffer;
import io.github.godwit.model.technique.ReleaseRule;
import io.github.godwit.model.technique.RunningQemu;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which techniques each release of QEMU has, by what it says itself. What is expected follows from its facts, not from its number. */
class TechniquesOfReleasesTest {

    private static final String COMPRESS = "capabilities:compress";
    private static final String XBZRLE = "capabilities:xbzrle";
    private static final String THREADS = "parameters:compress-level";
    private static final String CACHE = "parameters:xbzrle-cache-size";
    private static final String ASYNC = "parameters:compress-wait-thread";
    private static final String POSTCOPY = "capabilities:postcopy-ram";
    private static final String MULTIFD = "capabilities:multifd";
    private static final String CHANNELS = "parameters:multifd-channels";

    /** What each technique needs of QEMU. */
    private static final Map<Technique, List<String>> NEEDS = Map.ofEntries(
            Map.entry(
                    Technique.PRE_COPY,
                    List.of(
                            "capabilities:events",
                            "capabilities:return-path",
                            "parameters:downtime-limit",
                            "parameters:max-bandwidth",
                            "parameters:announce-initial",
                            "parameters:announce-max",
                            "parameters:announce-rounds",
                            "parameters:announce-step")),
            Map.entry(Technique.POST_COPY, List.of(POSTCOPY)),
            Map.entry(Technique.PRE_POST_COPY, List.of(POSTCOPY)),
            Map.entry(
                    Technique.AUTO_CONVERGE,
                    List.of(
                            "capabilities:auto-converge",
                            "parameters:cpu-throttle-initial",
                            "parameters:cpu-throttle-increment",
                            "parameters:max-cpu-throttle")),
            Map.entry(Technique.XBZRLE, List.of(XBZRLE, CACHE)),
            Map.entry(
                    Technique.ZSTD,
                    List.of(MULTIFD, CHANNELS, "multifd-compression:zstd", "parameters:multifd-zstd-level")),
            Map.entry(
                    Technique.ZLIB,
                    List.of(MULTIFD, CHANNELS, "multifd-compression:zlib", "parameters:multifd-zlib-level")),
            Map.entry(Technique.XBZRLE_ZLIB, List.of(COMPRESS, THREADS, XBZRLE, CACHE)),
            Map.entry(Technique.ZLIB_ASYNC, List.of(COMPRESS, THREADS, ASYNC)),
            Map.entry(Technique.XBZRLE_ZLIB_ASYNC, List.of(COMPRESS, THREADS, ASYNC, XBZRLE, CACHE)),
            Map.entry(Technique.MULTIFD, List.of(MULTIFD, CHANNELS, "multifd-compression:none")),
            Map.entry(Technique.POST_COPY_PREEMPT, List.of(POSTCOPY, "capabilities:postcopy-preempt")),
            Map.entry(Technique.DIRTY_LIMIT, List.of("capabilities:dirty-limit", "parameters:vcpu-dirty-limit")),
            Map.entry(Technique.MULTIFD_POST_COPY, List.of(POSTCOPY, MULTIFD, CHANNELS, "multifd-compression:none")),
            Map.entry(Technique.SCATTER_GATHER, List.of(POSTCOPY)));

    private static final List<IntermediaryOffer> INTERMEDIARIES = List.of(new IntermediaryOffer("10.0.0.9:6379", null));

    private static Set<Technique> expected(QemuRelease release) {
        EnumSet<Technique> expected = EnumSet.noneOf(Technique.class);
        boolean compressesDelta = !ReleaseRule.QEMU_REFUSES_COMPRESS_WITH_XBZRLE.holdsFor(release.version());
        boolean followsMultifd = ReleaseRule.QEMU_COMBINES_MULTIFD_WITH_POSTCOPY.holdsFor(release.version());
        NEEDS.forEach((technique, needs) -> {
            boolean allowed = (compressesDelta || !needs.containsAll(List.of(COMPRESS, XBZRLE)))
                    && (followsMultifd || !needs.containsAll(List.of(POSTCOPY, MULTIFD)));
            if (allowed && needs.stream().allMatch(release::has)) {
                expected.add(technique);
            }
        });
        return expected;
    }

    private static HostCapabilities probed(QemuRelease release) throws QmpException {
        TechniqueTrials trials = TechniqueTrials.of(new ReleasedQemu(release));
        return HostCapabilities.probed("h1", trials.qemu(), trials.lacking(), trials.refused());
    }

    private static Set<Technique> available(HostCapabilities host) {
        HostCapabilities scattering = host.scatteringTo(INTERMEDIARIES);
        return TechniqueAvailability.between(scattering, scattering, Vms.withDirtyRing())
                .available();
    }

    private static QemuRelease release(int major, int minor) {
        return QemuRelease.all().stream()
                .filter(each -> each.series().equals(major + "." + minor))
                .findAny()
                .orElseThrow();
    }

    @Test
    void theTableHasEveryReleaseFrom62OnInItsOrder() {
        List<String> names = QemuRelease.all().stream().map(QemuRelease::series).toList();

        assertThat(names)
                .startsWith(
                        "6.2", "7.0", "7.1", "7.2", "8.0", "8.1", "8.2", "9.0", "9.1", "9.2", "10.0", "10.1", "10.2")
                .contains("11.0", "11.1")
                .doesNotHaveDuplicates();
        assertThat(QemuRelease.all()).isSortedAccordingTo(Comparator.comparing(QemuRelease::version));
    }

    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#all")
    void aTechniqueIsThereIfAndOnlyIfQemuHasAllThatItNeeds(QemuRelease release) throws QmpException {
        HostCapabilities host = probed(release);

        assertThat(available(host)).isEqualTo(expected(release)).contains(Technique.PRE_COPY);
        assertThat(host.refused())
                .as("nothing that the schema or the table of rules has not told")
                .isEmpty();
        assertThat(host.lacking().keySet()).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(expected(release))));
        assertThat(host.lacking().values()).allMatch(reason -> reason.startsWith("needs "));
    }

    /** It holds for the hosts of older host drivers, and says why. */
    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#all")
    void whatTheReleaseAloneTellsIsWhatItsSchemaTells(QemuRelease release) {
        HostCapabilities older = new HostCapabilities("h1", release.version(), null, Map.of());

        assertThat(available(older)).isEqualTo(expected(release));
    }

    /** No release has every technique. */
    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#all")
    void aServerThatRunsWithAnotherQemuHasTheTechniquesOfThatOne(QemuRelease release) throws QmpException {
        HostCapabilities everything = HostCapabilities.probed("h1", release.version(), Map.of(), Map.of())
                .scatteringTo(INTERMEDIARIES);
        assertThat(available(everything)).containsExactlyInAnyOrder(Technique.values());

        assertThat(TechniqueAvailability.between(
                                everything,
                                everything,
                                Vms.withDirtyRing(),
                                new RunningQemu(release.version(), release.of("capabilities")))
                        .available())
                .isEqualTo(expected(release));
    }

    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#all")
    void everyReleaseHasTheCommandsThatGodwitUses(QemuRelease release) {
        assertThat(release.of("commands"))
                .contains(
                        "announce-self",
                        "calc-dirty-rate",
                        "migrate",
                        "migrate-incoming",
                        "migrate-set-capabilities",
                        "migrate-set-parameters",
                        "migrate-start-postcopy",
                        "migrate_cancel",
                        "query-cpus-fast",
                        "query-dirty-rate",
                        "query-migrate",
                        "query-migrate-capabilities",
                        "query-migrate-parameters",
                        "x-query-ramblock");
        assertThat(release.of("query-migrate"))
                .contains(
                        "blocked-reasons",
                        "cpu-throttle-percentage",
                        "downtime",
                        "error-desc",
                        "expected-downtime",
                        "ram",
                        "socket-address",
                        "status",
                        "total-time");
        assertThat(release.of("calc-dirty-rate")).contains("calc-time", "mode", "sample-pages");
        assertThat(release.of("dirty-rate-modes")).contains("dirty-bitmap", "page-sampling");
        assertThat(release.has("commands:cancel-vcpu-dirty-limit"))
                .as("where there is a limit it can be cancelled")
                .isIn(true, release.has("capabilities:dirty-limit"));
    }

    @Test
    void whatAVendorHasAddedOrLeftOutCounts() throws QmpException {
        assertThat(available(probed(release(7, 0).with("capabilities:postcopy-preempt"))))
                .contains(Technique.POST_COPY_PREEMPT);

        HostCapabilities plain = probed(release(10, 0).without("multifd-compression:zstd"));
        assertThat(plain.obstacle(Technique.ZSTD))
                .contains("needs multifd-compression zstd, which this QEMU does not have");
        assertThat(available(plain)).contains(Technique.ZLIB, Technique.MULTIFD);
    }

    @Test
    void aReasonNamesTheReleaseWhereItIsKnown() throws QmpException {
        assertThat(probed(release(7, 0)).obstacle(Technique.POST_COPY_PREEMPT))
                .contains("needs QEMU 7.1 or newer: that release added postcopy-preempt");
        assertThat(probed(release(8, 2)).obstacle(Technique.XBZRLE_ZLIB))
                .contains("needs QEMU 8.1 or older: 8.2 refuses compress with xbzrle");
        assertThat(probed(release(10, 0).without("capabilities:multifd")).obstacle(Technique.MULTIFD))
                .contains("needs the migration capability multifd, which this QEMU does not have");
    }

    @Test
    void anOlderQemuIsRefused() {
        ReleasedQemu older = new ReleasedQemu(release(6, 2).numbered(Version.of(6, 1)));

        assertThatThrownBy(() -> TechniqueTrials.of(older))
                .isInstanceOf(QmpException.class)
                .hasMessage("QEMU 6.1.0 is too old. Install QEMU 6.2 or newer.");
    }

    /** The table of docs/operators.md. */
    @Test
    void theDocumentsShowTheTechniquesOfEachRelease() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "operators.md"));

        assertThat(document).contains(table());
    }

    /** A line for each range of releases with the same techniques. */
    private static String table() {
        StringBuilder lines = new StringBuilder("| QEMU | techniques besides those of all releases |\n|---|---|\n");
        Set<Technique> all = EnumSet.allOf(Technique.class);
        QemuRelease.all().forEach(release -> all.retainAll(expected(release)));
        String from = null;
        String to = null;
        Set<Technique> same = Set.of();
        for (QemuRelease release : QemuRelease.all()) {
            String number = release.version().major() + "." + release.version().minor();
            if (from != null && !expected(release).equals(same)) {
                lines.append(line(from, to, same, all));
                from = null;
            }
            from = from == null ? number : from;
            to = number;
            same = expected(release);
        }
        return lines.append(line(from, to, same, all)).toString();
    }

    private static String line(String from, String to, Set<Technique> techniques, Set<Technique> without) {
        String names = techniques.stream()
                .filter(technique -> !without.contains(technique))
                .map(Technique::id)
                .collect(Collectors.joining(", "));
        return "| %s | %s |\n".formatted(from.equals(to) ? from : from + " to " + to, names.isEmpty() ? "none" : names);
    }
}
