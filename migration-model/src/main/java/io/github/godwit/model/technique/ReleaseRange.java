package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Version;
import java.util.List;
import java.util.Optional;

/**
 * The releases of QEMU or libvirt that have a technique, and the reasons why others lack it.
 *
 * @param software {@code QEMU} or {@code libvirt}
 * @param first    the first release that has it
 * @param tooOld   why an older one lacks it, as the rest of a sentence that begins with "it"
 * @param removals what removed it again, oldest first; empty if nothing did
 */
public record ReleaseRange(String software, Version first, String tooOld, List<Removal> removals) {

    /**
     * A change that removed a technique.
     *
     * @param since  the first release with the change
     * @param reason why these releases lack the technique
     */
    public record Removal(Version since, String reason) {}

    /** Copies the list. */
    public ReleaseRange {
        removals = List.copyOf(removals);
    }

    /** All releases. */
    static ReleaseRange all(String software) {
        return new ReleaseRange(software, Version.of(0, 0), "", List.of());
    }

    /**
     * All releases from one on.
     *
     * @param added what that release added, as the rest of a sentence
     */
    static ReleaseRange since(String software, int major, int minor, String added) {
        String tooOld = "needs %s %d.%d or newer: that release added %s".formatted(software, major, minor, added);
        return new ReleaseRange(software, Version.of(major, minor), tooOld, List.of());
    }

    /**
     * Limits this range to releases up to and including one.
     *
     * @param changes what removed the technique afterwards, oldest first
     */
    ReleaseRange until(int major, int minor, Removal... changes) {
        String head = "needs %s %d.%d or older: ".formatted(software, major, minor);
        return new ReleaseRange(
                software,
                first,
                tooOld,
                List.of(changes).stream()
                        .map(change -> new Removal(change.since(), head + change.reason()))
                        .toList());
    }

    /** Why a release lacks the technique, as the rest of a sentence that begins with "it", or nothing when it has it. */
    public Optional<String> missingIn(Version release) {
        String reason = release.compareTo(first) < 0 ? tooOld : null;
        for (Removal removal : removals) {
            if (release.compareTo(removal.since()) >= 0) {
                reason = removal.reason();
            }
        }
        return Optional.ofNullable(reason);
    }
}
