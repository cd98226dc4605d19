package io.github.godwit.model.traffic;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a flavor and a server's owner want: {@code godwit:sla_lower}, {@code godwit:sla_upper} and {@code godwit:urgency}. Flavors belong
 * to administrators: their extra specs take the place of the class's bounds and of the usual urgency. A server's metadata belongs to its
 * owner and can only narrow: smaller bounds and a lower urgency. A value that cannot be read is ignored.
 *
 * @param flavor   what the flavor's extra specs want
 * @param server   what the server's metadata want
 * @param warnings what cannot be read and why, in sentences
 */
public record SlaWishes(Wish flavor, Wish server, List<String> warnings) {

    /** What applications must keep, in metadata and extra specs: a rate such as {@code 50mbit}, or a share ({@link SlaBound}). */
    public static final String LOWER = "godwit:sla_lower";

    /** What applications should keep, likewise. */
    public static final String UPPER = "godwit:sla_upper";

    /** Importance of the migration: {@code high}, {@code medium} or {@code low}. */
    public static final String URGENCY = "godwit:urgency";

    /** No wishes. */
    public static final SlaWishes NONE = new SlaWishes(Wish.NONE, Wish.NONE, List.of());

    /**
     * The wishes of one side.
     *
     * @param lower   or null
     * @param upper   or null
     * @param urgency or null
     */
    public record Wish(SlaBound lower, SlaBound upper, Urgency urgency) {

        /** No wish. */
        public static final Wish NONE = new Wish(null, null, null);
    }

    /** Copies the list. */
    public SlaWishes {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads the wishes of both sides.
     *
     * @param extraSpecs the flavor's extra specs; other keys are ignored
     * @param metadata   the server's metadata, likewise
     */
    public static SlaWishes of(Map<String, String> extraSpecs, Map<String, String> metadata) {
        List<String> warnings = new ArrayList<>();
        Wish flavor = read(extraSpecs, "the flavor's extra specs", warnings);
        Wish server = read(metadata, "the server's metadata", warnings);
        return new SlaWishes(flavor, server, warnings);
    }

    private static Wish read(Map<String, String> from, String place, List<String> warnings) {
        Wish wish = new Wish(
                read(from, LOWER, place, SlaBound::parse, warnings),
                read(from, UPPER, place, SlaBound::parse, warnings),
                read(from, URGENCY, place, TrafficForm::urgency, warnings));
        if (wish.lower() == null || wish.upper() == null || wish.lower().neverAbove(wish.upper())) {
            return wish;
        }
        warnings.add("%s and %s in %s are ignored: the lower bound (%s) may be more than the upper one (%s)."
                .formatted(LOWER, UPPER, place, wish.lower(), wish.upper()));
        return new Wish(null, null, wish.urgency());
    }

    private static <T> T read(
            Map<String, String> from, String key, String place, Function<String, T> parse, List<String> warnings) {
        String text = from.get(key);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            warnings.add("%s in %s is ignored: %s".formatted(key, place, e.getMessage()));
            return null;
        }
    }

    /**
     * The urgency of the VM's migration.
     *
     * @param usual what holds without wishes
     * @param notes receives a sentence when the owner wants a higher one
     */
    public Urgency urgency(Urgency usual, List<String> notes) {
        Urgency allowed = byFlavor(usual);
        Urgency wanted = Optional.ofNullable(server.urgency()).orElse(allowed);
        if (wanted.compareTo(allowed) < 0) { // the constants begin with the highest
            notes.add("%s %s in the server's metadata is ignored: the operator's urgency is %s."
                    .formatted(URGENCY, wanted, allowed));
            return allowed;
        }
        return wanted;
    }

    /** The urgency that the operator wants: the flavor's, or else the usual one. */
    Urgency byFlavor(Urgency usual) {
        return Optional.ofNullable(flavor.urgency()).orElse(usual);
    }
}
