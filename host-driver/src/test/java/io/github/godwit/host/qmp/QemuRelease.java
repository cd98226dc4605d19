package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a release of QEMU says about migrations in its schema. {@code qemu-releases.json} has the facts of each; {@code devstack/qemu-facts}
 * writes them, also those of a newer QEMU. The source of a release is its schema, or QEMU's documents: the facts of its neighbours with the
 * notes "since" and "removed in".
 *
 * @param version the release
 * @param facts   names by the kind of fact, such as {@code capabilities}
 */
public record QemuRelease(Version version, Map<String, Set<String>> facts) {

    /** A name that no release has, in the place of what a later one adds. */
    public static final String OF_TOMORROW = "of-tomorrow";

    /** All releases, oldest first. */
    public static List<QemuRelease> all() {
        List<QemuRelease> releases = new ArrayList<>();
        try (InputStream table = QemuRelease.class.getResourceAsStream("qemu-releases.json")) {
            JsonNode all = new ObjectMapper().readTree(table);
            all.fieldNames().forEachRemaining(name -> releases.add(new QemuRelease(name, all.get(name))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return releases;
    }

    /** The statuses of all releases, without doubles. */
    public static Stream<String> statuses() {
        return all().stream()
                .flatMap(release -> release.of("statuses").stream())
                .distinct();
    }

    private QemuRelease(String name, JsonNode facts) {
        this(Version.parse(name), read(facts));
    }

    private static Map<String, Set<String>> read(JsonNode facts) {
        Map<String, Set<String>> kinds = new LinkedHashMap<>();
        facts.fields().forEachRemaining(kind -> {
            Set<String> names = new LinkedHashSet<>();
            kind.getValue().forEach(name -> names.add(name.asText()));
            kinds.put(kind.getKey(), names);
        });
        return kinds;
    }

    /** Its series, such as {@code 10.0}. */
    public String series() {
        return version.major() + "." + version.minor();
    }

    /** The names of one kind. */
    public Set<String> of(String kind) {
        return facts.get(kind);
    }

    /** Whether it has something that is written {@code kind:name}. */
    public boolean has(String fact) {
        String[] parts = fact.split(":", 2);
        return of(parts[0]).contains(parts[1]);
    }

    /** The same without something, as a vendor may build it. */
    public QemuRelease without(String fact) {
        return changed(fact, false);
    }

    /** The same with something more. */
    public QemuRelease with(String fact) {
        return changed(fact, true);
    }

    /** The same by another number. */
    public QemuRelease numbered(Version other) {
        return new QemuRelease(other, facts);
    }

    private QemuRelease changed(String fact, boolean has) {
        String[] parts = fact.split(":", 2);
        Set<String> names = new LinkedHashSet<>(of(parts[0]));
        if (has) {
            names.add(parts[1]);
        } else {
            names.remove(parts[1]);
        }
        Map<String, Set<String>> changed = new LinkedHashMap<>(facts);
        changed.put(parts[0], names);
        return new QemuRelease(version, changed);
    }

    @Override
    public String toString() {
        return version.toString();
    }
}
