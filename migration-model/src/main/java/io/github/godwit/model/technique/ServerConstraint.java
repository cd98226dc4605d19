package io.github.godwit.model.technique;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code godwit:technique} of a server and of its flavor allow together. Flavors belong to administrators, a server's metadata to its
 * owner: the metadata can only narrow what the flavor allows. A value that cannot be read is ignored.
 *
 * @param constraint what both allow
 * @param warnings   what was ignored and why, in sentences
 */
public record ServerConstraint(TechniqueConstraint constraint, List<String> warnings) {

    /** Copies the list. */
    public ServerConstraint {
        warnings = List.copyOf(warnings);
    }

    /**
     * Combines both values.
     *
     * @param flavor   the value in the flavor's extra specs, or null
     * @param metadata the value in the server's metadata, or null
     */
    public static ServerConstraint of(String flavor, String metadata) {
        List<String> warnings = new ArrayList<>();
        TechniqueConstraint administrator = read(flavor, "the flavor's extra specs", warnings);
        TechniqueConstraint owner = read(metadata, "the server's metadata", warnings);
        if (owner.pinned() != null && !administrator.allows(owner.pinned())) {
            warnings.add("%s in the server's metadata is ignored: its flavor does not allow %s."
                    .formatted(TechniqueConstraint.KEY, owner.pinned()));
        }
        return new ServerConstraint(administrator.narrowedBy(owner), warnings);
    }

    private static TechniqueConstraint read(String text, String place, List<String> warnings) {
        try {
            return TechniqueConstraint.parse(text);
        } catch (IllegalArgumentException e) {
            warnings.add("%s in %s is ignored: %s".formatted(TechniqueConstraint.KEY, place, e.getMessage()));
            return TechniqueConstraint.NONE;
        }
    }
}
