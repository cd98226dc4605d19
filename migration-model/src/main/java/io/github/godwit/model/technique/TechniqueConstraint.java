package io.github.godwit.model.technique;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The techniques that a server's owner or its flavor allows, set by {@link #KEY} in the server's metadata or in the
 * flavor's extra specs. Meant for troubleshooting.
 *
 * @param pinned   the only technique that may be used, or null
 * @param excluded techniques that may not be used
 * @param nova     whether Godwit leaves the VM to Nova, which migrates it with its own flags
 */
public record TechniqueConstraint(Technique pinned, Set<Technique> excluded, boolean nova) {

    /** The name of the constraint in metadata and extra specs. */
    public static final String KEY = "godwit:technique";

    /** No constraint: all techniques are allowed. */
    public static final TechniqueConstraint NONE = new TechniqueConstraint(null, Set.of(), false);

    private static final String LEFT_TO_NOVA = "nova";
    private static final String NOT = "!";
    private static final String REASON = "is not allowed by godwit:technique of the server or of its flavor";

    /** Copies the set. */
    public TechniqueConstraint {
        excluded = Set.copyOf(excluded);
    }

    /**
     * Reads {@code POST} (only this technique), {@code !POST,!PRE-POST} (not these) or {@code nova}; null or blank text
     * is no constraint.
     *
     * @throws IllegalArgumentException when a technique is unknown or two are pinned
     */
    public static TechniqueConstraint parse(String text) {
        if (text == null || text.isBlank()) {
            return NONE;
        }
        if (LEFT_TO_NOVA.equalsIgnoreCase(text.trim())) {
            return new TechniqueConstraint(null, Set.of(), true);
        }
        List<String> words = Arrays.stream(text.split(",", -1))
                .map(String::trim)
                .filter(word -> !word.isEmpty())
                .toList();
        Set<Technique> excluded = EnumSet.noneOf(Technique.class);
        Technique pinned = null;
        for (String word : words) {
            if (word.startsWith(NOT)) {
                excluded.add(Technique.parse(word.substring(NOT.length())));
            } else if (pinned == null) {
                pinned = Technique.parse(word);
            } else {
                throw new IllegalArgumentException(
                        "godwit:technique '%s' pins two techniques. Name at most one without '!'.".formatted(text));
            }
        }
        return new TechniqueConstraint(pinned, excluded, false);
    }

    /**
     * This constraint, narrowed by another one. That one may exclude more techniques, pin one among those that this one allows, or leave
     * the VM to Nova. A pin outside of what this one allows is left out.
     */
    public TechniqueConstraint narrowedBy(TechniqueConstraint other) {
        Set<Technique> both = EnumSet.noneOf(Technique.class);
        both.addAll(excluded);
        both.addAll(other.excluded);
        Technique only = other.pinned != null && allows(other.pinned) ? other.pinned : pinned;
        return new TechniqueConstraint(only, both, nova || other.nova);
    }

    /** Whether this constraint allows a technique. */
    public boolean allows(Technique technique) {
        return !nova && !excluded.contains(technique) && (pinned == null || pinned == technique);
    }

    /** The techniques that can run and that this constraint allows. */
    public TechniqueAvailability of(TechniqueAvailability availability) {
        Set<Technique> without = EnumSet.allOf(Technique.class);
        without.removeIf(this::allows);
        return availability.without(without, REASON);
    }
}
