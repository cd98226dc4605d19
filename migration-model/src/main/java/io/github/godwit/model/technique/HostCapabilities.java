package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which techniques one host can run: what its software supports, by QEMU's schema, libvirt's version and probing, and what its operator
 * permits.
 *
 * @param host      the host's name
 * @param qemu      version of its QEMU
 * @param libvirt   version of its libvirt, or null where Godwit drives QEMU itself
 * @param lacking   techniques that this QEMU lacks, by its schema ({@code query-qmp-schema}), with the reason as the rest of a sentence
 *                  that begins with the technique; null from an older host driver, so that its version decides
 * @param refused   techniques whose capabilities this QEMU did not accept when probed, with QEMU's own message
 * @param forbidden techniques that must not be used for migrations from this host, with the reason as the rest of a sentence that
 *                  begins with the technique; it does not concern migrations to this host
 * @param limits    limits for migrations from this host
 * @param reservedMemory memory that its operator keeps for the host itself, with Nova {@code reserved_host_memory_mb}
 * @param intermediaries on which pages of its migrations may wait; null for none, as from an older host driver
 */
public record HostCapabilities(
        String host,
        Version qemu,
        Version libvirt,
        Map<Technique, String> lacking,
        Map<Technique, String> refused,
        Map<Technique, String> forbidden,
        MigrationLimits limits,
        MemorySize reservedMemory,
        List<IntermediaryOffer> intermediaries) {

    private static final String BY_THREADS =
            "needs libvirt 9.4 or newer with this QEMU: older ones compress by compress threads, which it lacks";

    /**
     * Copies the maps, without the key null, as which a technique of a newer release reads. Missing {@code forbidden}, {@code limits} and
     * {@code reservedMemory}, as an older host driver leaves them, forbid nothing.
     *
     * @throws IllegalArgumentException when the name or the QEMU version is missing
     */
    public HostCapabilities {
        Checks.named("host name", host);
        Checks.present("QEMU version", qemu);
        lacking = lacking == null ? null : copy(lacking);
        refused = copy(Checks.present("refused techniques", refused));
        forbidden = copy(forbidden == null ? Map.of() : forbidden);
        limits = limits == null ? MigrationLimits.NONE : limits;
        reservedMemory = reservedMemory == null ? new MemorySize(0) : reservedMemory;
        intermediaries = intermediaries == null ? List.of() : List.copyOf(intermediaries);
    }

    /** A host without intermediaries. */
    public HostCapabilities(
            String host,
            Version qemu,
            Version libvirt,
            Map<Technique, String> lacking,
            Map<Technique, String> refused,
            Map<Technique, String> forbidden,
            MigrationLimits limits,
            MemorySize reservedMemory) {
        this(host, qemu, libvirt, lacking, refused, forbidden, limits, reservedMemory, List.of());
    }

    /** A host whose operator permits everything, and of whose QEMU only the version is known. */
    public HostCapabilities(String host, Version qemu, Version libvirt, Map<Technique, String> refused) {
        this(host, qemu, libvirt, null, refused, Map.of(), MigrationLimits.NONE, null);
    }

    /** A host of plain QEMU whose operator permits everything. */
    public static HostCapabilities probed(
            String host, Version qemu, Map<Technique, String> lacking, Map<Technique, String> refused) {
        return new HostCapabilities(host, qemu, null, lacking, refused, Map.of(), MigrationLimits.NONE, null);
    }

    /** The same QEMU by a libvirt. */
    public HostCapabilities by(Version itsLibvirt) {
        return new HostCapabilities(
                host, qemu, itsLibvirt, lacking, refused, forbidden, limits, reservedMemory, intermediaries);
    }

    private static Map<Technique, String> copy(Map<Technique, String> reasons) {
        EnumMap<Technique, String> copy = new EnumMap<>(Technique.class);
        reasons.forEach((technique, reason) -> {
            if (technique != null) {
                copy.put(technique, reason);
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    /** The same software under an operator's rules. */
    public HostCapabilities under(Map<Technique, String> prohibitions, MigrationLimits operatorLimits) {
        return new HostCapabilities(
                host, qemu, libvirt, lacking, refused, prohibitions, operatorLimits, reservedMemory, intermediaries);
    }

    /** The same host, whose operator keeps some memory for the host itself. */
    public HostCapabilities reserving(MemorySize memory) {
        return new HostCapabilities(host, qemu, libvirt, lacking, refused, forbidden, limits, memory, intermediaries);
    }

    /** The same host, on whose intermediaries pages may wait. */
    public HostCapabilities scatteringTo(List<IntermediaryOffer> offers) {
        return new HostCapabilities(host, qemu, libvirt, lacking, refused, forbidden, limits, reservedMemory, offers);
    }

    /** Whether there is an intermediary that another host knows too. */
    boolean sharesIntermediaries(HostCapabilities other) {
        return intermediaryNames().stream().anyMatch(other.intermediaryNames()::contains);
    }

    /** The names of its intermediaries. */
    public List<String> intermediaryNames() {
        return intermediaries.stream().map(IntermediaryOffer::name).toList();
    }

    /** The same host with another QEMU. */
    HostCapabilities with(Version otherQemu, Map<Technique, String> itLacks) {
        return new HostCapabilities(
                host, otherQemu, libvirt, itLacks, refused, forbidden, limits, reservedMemory, intermediaries);
    }

    /** Why a technique must not be used for migrations from this host, as the rest of a sentence, or nothing when it may. */
    public Optional<String> prohibition(Technique technique) {
        return Optional.ofNullable(forbidden.get(technique));
    }

    /** Why this host's software cannot run a technique, as a sentence without a full stop, or nothing when it can. */
    public Optional<String> obstacle(Technique technique) {
        return lack(technique)
                .or(() -> libvirt == null ? Optional.empty() : inexpressible(technique))
                .or(() -> Optional.ofNullable(refused.get(technique))
                        .map(words -> "QEMU %s on %s refuses it: %s".formatted(qemu, host, words)));
    }

    /** Why this host's QEMU lacks a technique. */
    Optional<String> lack(Technique technique) {
        return lacking == null ? QemuSettings.missingIn(technique, qemu) : Optional.ofNullable(lacking.get(technique));
    }

    private Optional<String> inexpressible(Technique technique) {
        Optional<String> missing = LibvirtSettings.missingIn(technique, libvirt);
        boolean byThreads = LibvirtSettings.needsCompressThreads(technique, libvirt)
                && lack(Technique.ZLIB_ASYNC).isPresent();
        return missing.isPresent() || !byThreads ? missing : Optional.of(BY_THREADS);
    }
}
