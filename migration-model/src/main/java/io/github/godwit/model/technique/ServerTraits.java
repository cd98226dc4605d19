package io.github.godwit.model.technique;

import io.github.godwit.model.technique.ServerTrait.Rule;
import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a VM's devices, its memory and its QEMU mean for its migration. Pure.
 *
 * @param found    what was found, each with a detail such as {@code hostdev pci}, which may be empty
 * @param blockers QEMU's own reasons why the VM cannot be migrated ({@code blocked-reasons} of {@code query-migrate}, since 6.0); null if
 *                 QEMU could not be asked, or is older
 */
public record ServerTraits(Map<ServerTrait, String> found, List<String> blockers) {

    /** Nothing that matters was found, and QEMU has no reason. */
    public static final ServerTraits NONE = new ServerTraits(Map.of(), List.of());

    /** Copies both collections. */
    public ServerTraits {
        EnumMap<ServerTrait, String> copy = new EnumMap<>(ServerTrait.class);
        copy.putAll(Checks.present("traits", found));
        found = Collections.unmodifiableMap(copy);
        blockers = blockers == null ? null : List.copyOf(blockers);
    }

    /** Why the VM cannot be live-migrated at all, in clauses such as "it has encrypted memory (sev)", or nothing when it can. */
    public Optional<String> immovable() {
        List<String> reasons = new ArrayList<>();
        found.forEach((trait, detail) -> {
            if (trait.rule() == Rule.NEVER) {
                reasons.add("it has " + words(trait, detail));
            } else if (trait.rule() == Rule.ASK_QEMU && blockers == null) {
                reasons.add("it has %s, and its QEMU could not be asked whether that can be migrated"
                        .formatted(words(trait, detail)));
            }
        });
        if (blockers != null && !blockers.isEmpty()) {
            reasons.add("QEMU reports: " + String.join("; ", blockers));
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
    }

    /** The techniques that cannot migrate the VM, each with the reason as the rest of a sentence that begins with the technique. */
    public Map<Technique, String> excluded() {
        Map<Technique, String> reasons = new EnumMap<>(Technique.class);
        Optional<String> immovable = immovable();
        Optional<String> obstacle = found.entrySet().stream()
                .filter(each -> each.getKey().rule() != Rule.NEVER)
                .map(each -> words(each.getKey(), each.getValue()))
                .findFirst();
        for (Technique technique : Technique.values()) {
            if (immovable.isPresent()) {
                reasons.put(technique, "cannot migrate this server: " + immovable.get());
            } else if (technique.isPostCopy() && obstacle.isPresent()) {
                reasons.put(technique, "cannot migrate this server: it has " + obstacle.get());
            }
        }
        return Collections.unmodifiableMap(reasons);
    }

    private static String words(ServerTrait trait, String detail) {
        return detail.isEmpty() ? trait.words() : "%s (%s)".formatted(trait.words(), detail);
    }
}
