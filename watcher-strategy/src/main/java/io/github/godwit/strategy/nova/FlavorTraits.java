package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Nova.Server;
import io.github.godwit.strategy.cluster.PlacementRoom.TraitWishes;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The traits that flavors require of hosts or forbid. Nova's scheduler asks Placement for them, also for a live migration. Those of images
 * are not in Nova's API.
 */
final class FlavorTraits {

    /** {@code trait:NAME}, or with the suffix of a group, {@code trait1:NAME} or {@code trait_GPU:NAME}. */
    private static final Pattern TRAIT = Pattern.compile("trait[A-Za-z0-9_-]*:(.+)");

    private FlavorTraits() {}

    /** Returns what the flavors of servers say, by the UUID of the server; servers whose flavors say nothing are missing. */
    static Map<String, TraitWishes> wishes(List<Server> servers) {
        Map<String, TraitWishes> wishes = new HashMap<>();
        for (Server server : servers) {
            Set<String> required = new HashSet<>();
            Set<String> forbidden = new HashSet<>();
            server.flavor().extraSpecs().forEach((key, value) -> {
                Matcher trait = TRAIT.matcher(key);
                if (trait.matches() && "required".equals(value)) {
                    required.add(trait.group(1));
                } else if (trait.matches() && "forbidden".equals(value)) {
                    forbidden.add(trait.group(1));
                }
            });
            if (!required.isEmpty() || !forbidden.isEmpty()) {
                wishes.put(server.id(), new TraitWishes(required, forbidden));
            }
        }
        return wishes;
    }

    /** Returns all traits that are required or forbidden. */
    static Set<String> traits(Collection<TraitWishes> wishes) {
        return wishes.stream()
                .flatMap(wish -> Stream.concat(wish.required().stream(), wish.forbidden().stream()))
                .collect(Collectors.toSet());
    }
}
