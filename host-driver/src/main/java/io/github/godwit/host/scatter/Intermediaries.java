package io.github.godwit.host.scatter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.scatter.store.BatchStore;
import io.github.godwit.host.scatter.store.Intermediary;
import io.github.godwit.host.scatter.store.RedisStore;
import io.github.godwit.host.scatter.stream.QemuStream;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.model.technique.IntermediaryOffer;
import io.github.godwit.model.technique.Scattering;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The intermediaries that this host may use.
 *
 * @param all in the order of the file
 */
public record Intermediaries(List<Intermediary> all) {

    /** None: no migration scatters its pages. */
    public static final Intermediaries NONE = new Intermediaries(List.of());

    /** What a host driver needs for everything else, in bytes. */
    private static final long OWN_HEAP = 32 << 20;

    private static final int DEFAULT_PORT = 6379;
    private static final Set<String> MEMBERS = Set.of("host", "port", "password_file", "tls", "ca", "memory", "link");

    /** Copies the list. */
    public Intermediaries {
        all = List.copyOf(all);
    }

    /**
     * Reads a JSON file: an array of objects with {@code host}, and optionally {@code port}, {@code password_file}, {@code tls}, {@code ca}, {@code memory}
     * and {@code link}.
     *
     * @throws IOException              if it cannot be read
     * @throws IllegalArgumentException if it has something else; the message says what
     */
    public static Intermediaries read(Path file) throws IOException {
        JsonNode list;
        try {
            list = WireJson.strictMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s is no JSON: %s".formatted(file, e.getOriginalMessage()), e);
        }
        if (!list.isArray()) {
            throw new IllegalArgumentException(
                    "%s must have an array, for example [{\"host\": \"10.0.0.9\"}].".formatted(file));
        }
        List<Intermediary> found = new ArrayList<>();
        for (JsonNode each : list) {
            each.properties().forEach(member -> {
                String name = member.getKey();
                if (!MEMBERS.contains(name)) {
                    throw new IllegalArgumentException(
                            "%s has '%s', which is none of %s.".formatted(file, name, MEMBERS));
                }
            });
            found.add(new Intermediary(
                    each.path("host").asText(),
                    each.path("port").asInt(DEFAULT_PORT),
                    text(each, "password_file").map(Path::of),
                    each.path("tls").asBoolean(false),
                    text(each, "ca").map(Path::of),
                    text(each, "memory").map(MemorySize::parse),
                    text(each, "link").map(Bandwidth::parse)));
        }
        return new Intermediaries(found);
    }

    private static Optional<String> text(JsonNode object, String name) {
        return Optional.ofNullable(object.path(name).asText(null));
    }

    /** Their names. */
    public List<String> names() {
        return all.stream().map(Intermediary::name).toList();
    }

    /** As this host announces them. */
    public List<IntermediaryOffer> offers() {
        return all.stream().map(Intermediary::offer).toList();
    }

    /** Those that an order names. */
    public List<Intermediary> of(ScatterOrder order) {
        return all.stream()
                .filter(each -> order.intermediaries().contains(each.name()))
                .toList();
    }

    /**
     * What a migration uses of these.
     *
     * @param wish   what was asked for; null for the defaults
     * @param others the names that the destination knows
     * @throws Refusal if that is impossible
     */
    public ScatterOrder order(ScatterOrder wish, List<String> others) {
        Set<String> both = new LinkedHashSet<>(names());
        both.retainAll(others);
        List<String> wanted = wish == null || wish.intermediaries() == null
                ? List.copyOf(both)
                : List.copyOf(new LinkedHashSet<>(wish.intermediaries()));
        if (wanted.isEmpty() || !both.containsAll(wanted)) {
            throw Refusal.conflict(
                    "The intermediaries that both hosts know are %s, but %s are asked for.".formatted(both, wanted));
        }
        int copies = wish == null || wish.copies() == null ? Scattering.usualCopies(wanted.size()) : wish.copies();
        if (copies < 1 || copies > wanted.size()) {
            throw Refusal.conflict("%d copies cannot be stored on %d intermediaries.".formatted(copies, wanted.size()));
        }
        return new ScatterOrder(wanted, copies, wish == null ? null : wish.zstd());
    }

    /**
     * The terms of a migration.
     *
     * @param order names intermediaries and copies
     * @throws Refusal if one of them is not among these
     */
    public ScatterTerms terms(String migration, String key, ScatterOrder order) {
        List<BatchStore.Factory> stores = new ArrayList<>();
        for (String name : order.intermediaries()) {
            stores.add(RedisStore.factory(all.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> Refusal.conflict(
                            "Intermediary %s is not among those of this host: %s.".formatted(name, names())))));
        }
        return new ScatterTerms(migration, key, stores, order.copies(), Boolean.TRUE.equals(order.zstd()));
    }

    /**
     * Checks that this host driver can remember where the pages of a VM are.
     *
     * @param bytes the memory of the VM
     * @param heap  the most that this JVM's heap may have, in bytes
     * @throws Refusal if that is too little
     */
    public static void checkHeap(long bytes, long heap) {
        long needed = OWN_HEAP + bytes / QemuStream.PAGE_BYTES * PageTable.BYTES_PER_PAGE;
        if (heap < needed) {
            throw Refusal.conflict(
                    "To remember where the pages of a VM of %d MiB are, the host driver of the destination needs a heap of %d MiB, and may have %d MiB. Start it with GODWIT_JAVA_OPTS=-Xmx%dm."
                            .formatted(bytes >> 20, needed >> 20, heap >> 20, (needed >> 20) + (needed >> 23)));
        }
    }

    /**
     * Checks that the intermediaries answer and have room for a VM.
     *
     * @param bytes the memory of the VM
     * @throws IOException if one does not answer
     * @throws Refusal     if one has too little room
     */
    public static void check(ScatterTerms terms, long bytes) throws IOException {
        long each = bytes / terms.stores().size() * terms.copies();
        for (BatchStore.Factory factory : terms.stores()) {
            try (BatchStore store = factory.open()) {
                long room = store.room();
                if (room < each + each / 4) { // Redis rounds the size of a batch up, by a fifth at most
                    throw Refusal.conflict("Intermediary %s has room for %d MiB of pages, but may get %d MiB of them."
                            .formatted(factory.name(), (room * 4 / 5) >> 20, each >> 20));
                }
            }
        }
    }
}
