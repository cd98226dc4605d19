package io.github.godwit.host.nova.permit;

import io.github.godwit.hostapi.TechniqueRefusal;
import io.github.godwit.model.technique.Technique;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The techniques that libvirt did not carry out on the way to another host although Nova's own flags worked there. Each is left out on that
 * way for an hour after the first refusal, and twice as long after each further one, up to a day; a success clears it. A connection that was lost
 * counts only if it is lost again the next time, because QEMU may have been ended on the destination for another reason. A restart of the host
 * driver forgets them, as it often follows the repair; what is refused again costs nothing, because Nova's own flags follow. Thread-safe.
 */
public final class TechniqueRefusals {

    /** How long a technique is left out after its first refusal. */
    static final Duration FIRST = Duration.ofHours(1);

    /** How long a technique is left out at most. */
    static final Duration LONGEST = Duration.ofHours(24);

    /** What libvirt says when the other QEMU has ended, or the network between them. */
    private static final Pattern LOST_CONNECTION = Pattern.compile(
            "(?i)connection (reset|refused|timed out)|broken pipe|no route to host|unable to (read from|write to) socket");

    private record Way(Technique technique, String destination) {}

    private final Clock clock;
    private final Map<Way, TechniqueRefusal> refusals = new ConcurrentHashMap<>();
    private final Set<Way> lostOnce = ConcurrentHashMap.newKeySet();

    /** Creates an empty memory. */
    public TechniqueRefusals(Clock clock) {
        this.clock = clock;
    }

    /** Remembers a refusal, and returns until when the technique is left out; nothing for the first connection that was lost. */
    public Optional<TechniqueRefusal> remember(Technique technique, String destination, String words) {
        Way way = new Way(technique, destination);
        if (LOST_CONNECTION.matcher(words).find() && lostOnce.add(way)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return Optional.of(refusals.compute(way, (same, known) -> {
            int times = known == null ? 1 : known.times() + 1;
            return new TechniqueRefusal(technique, destination, words, now, now.plus(pause(times)), times);
        }));
    }

    /** How long a technique is left out after it was refused so many times. */
    public static Duration pause(int times) {
        Duration pause = FIRST;
        for (int i = 1; i < times && pause.compareTo(LONGEST) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    /** Clears what a migration has disproved. */
    public void succeeded(Technique technique, String destination) {
        Way way = new Way(technique, destination);
        refusals.remove(way);
        lostOnce.remove(way);
    }

    /** The refusals that are in effect, the latest first. */
    public List<TechniqueRefusal> inEffect() {
        Instant now = clock.instant();
        return refusals.values().stream()
                .filter(each -> each.until().isAfter(now))
                .sorted(Comparator.comparing(TechniqueRefusal::refusedAt).reversed())
                .toList();
    }
}
