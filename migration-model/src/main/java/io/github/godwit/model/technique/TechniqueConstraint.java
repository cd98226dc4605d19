package io.github.godwit.model.technique;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What somebody allows: an operator by a policy or by a rule for a project or an aggregate ({@link #by}), or a flavor and a server's
 * owner by {@link #KEY} in the extra specs and in the metadata ({@link #parse}). Constraints only narrow what is left to choose from.
 * None of them concerns Nova's own flags.
 *
 * @param pinned       the only technique that may be used, or null
 * @param prohibitions techniques that may not be used, with the reason as the rest of a sentence that begins with the technique
 * @param nova         whether Godwit leaves the VM to Nova, which migrates it with its own flags
 */
public record TechniqueConstraint(Technique pinned, Map<Technique, String> prohibitions, boolean nova) {

    /** The name of the constraint in metadata and extra specs. */
    public static final String KEY = "godwit:technique";

    /** No constraint: all techniques are allowed. */
    public static final TechniqueConstraint NONE = new TechniqueConstraint(null, Map.of(), false);

    private static final String LEFT_TO_NOVA = "nova";
    private static final String NOT = "!";
    private static final String REASON = "is not allowed by godwit:technique of the server or of its flavor";

    /** Copies the map. */
    public TechniqueConstraint {
        EnumMap<Technique, String> copy = new EnumMap<>(Technique.class);
        copy.putAll(prohibitions);
        prohibitions = Collections.unmodifiableMap(copy);
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
            return new TechniqueConstraint(null, Map.of(), true);
        }
        List<String> words = Arrays.stream(text.split(",", -1))
                .map(String::trim)
                .filter(word -> !word.isEmpty())
                .toList();
        Map<Technique, String> excluded = new EnumMap<>(Technique.class);
        Technique pinned = null;
        for (String word : words) {
            if (word.startsWith(NOT)) {
                excluded.put(Technique.parse(word.substring(NOT.length())), REASON);
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
     * An operator's constraint.
     *
     * @param who    whose it is, for example "project P"
     * @param allow  the only techniques that may be used; empty for all
     * @param forbid techniques that may not be used
     */
    public static TechniqueConstraint by(String who, Set<Technique> allow, Set<Technique> forbid) {
        Map<Technique, String> prohibitions = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            if (forbid.contains(technique)) {
                prohibitions.put(technique, "is forbidden by " + who);
            } else if (!allow.isEmpty() && !allow.contains(technique)) {
                prohibitions.put(technique, "is not among the techniques that %s allows".formatted(who));
            }
        }
        return new TechniqueConstraint(null, prohibitions, false);
    }

    /**
     * A constraint that rules out every technique with post-copy.
     *
     * @param reason why, as the rest of a sentence that begins with the technique
     */
    public static TechniqueConstraint withoutPostCopy(String reason) {
        Map<Technique, String> prohibitions = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            if (technique.isPostCopy()) {
                prohibitions.put(technique, reason);
            }
        }
        return new TechniqueConstraint(null, prohibitions, false);
    }

    /** The techniques that may not be used. */
    public Set<Technique> excluded() {
        return prohibitions.keySet();
    }

    /**
     * This constraint, narrowed by another one. That one may exclude more techniques, pin one among those that this one allows, or leave
     * the VM to Nova. A pin outside of what this one allows is left out. Of two reasons, that of this constraint is kept.
     */
    public TechniqueConstraint narrowedBy(TechniqueConstraint other) {
        Map<Technique, String> both = new EnumMap<>(Technique.class);
        both.putAll(other.prohibitions);
        both.putAll(prohibitions);
        Technique only = other.pinned != null && allows(other.pinned) ? other.pinned : pinned;
        return new TechniqueConstraint(only, both, nova || other.nova);
    }

    /** Whether this constraint allows a technique. */
    public boolean allows(Technique technique) {
        return !nova && !prohibitions.containsKey(technique) && (pinned == null || pinned == technique);
    }

    /** The techniques that can run and that this constraint allows. */
    public TechniqueAvailability of(TechniqueAvailability availability) {
        if (equals(NONE)) {
            return availability;
        }
        Map<Technique, String> unavailable = new EnumMap<>(Technique.class);
        for (Technique technique : EnumSet.allOf(Technique.class)) {
            if (!allows(technique)) {
                unavailable.put(technique, prohibitions.getOrDefault(technique, REASON));
            }
        }
        unavailable.putAll(availability.unavailable());
        return new TechniqueAvailability(unavailable);
    }
}
