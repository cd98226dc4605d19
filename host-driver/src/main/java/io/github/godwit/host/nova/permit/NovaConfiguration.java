package io.github.godwit.host.nova.permit;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueTraits.Throttle;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values of nova.conf that concern live migrations, as they are in effect in nova-compute of this host. On the wire the components are
 * in snake case. Those up to {@code completionTimeout} are options of {@code [libvirt]} without their prefix {@code live_migration_}; the
 * next three are options of {@code [godwit]}, and the last two of {@code [DEFAULT]}.
 *
 * @param permitPostCopy      whether Nova may use post-copy
 * @param permitAutoConverge  whether Nova may throttle vCPUs
 * @param downtime            the downtime limit, in ms
 * @param downtimeSteps       steps in which Nova reaches it; with a technique of Godwit it holds from the start
 * @param downtimeDelay       time between these steps, in s for each GiB
 * @param bandwidth           the highest rate, in MiB/s; 0 for no limit
 * @param withNativeTls       whether QEMU encrypts migrations
 * @param tunnelled           whether the data goes through both libvirt daemons
 * @param parallelConnections number of connections; 1 where Nova is older than this option
 * @param timeoutAction       what Nova does after {@code completionTimeout}: {@code abort} or {@code force_complete}
 * @param completionTimeout   time limit in s for each GiB; 0 for none
 * @param allowTechniques     ids of techniques that are used even if Nova does not permit them
 * @param forbidTechniques    ids of techniques that are not used
 * @param enabled             whether Godwit may advise nova-compute; false also where it only observes, for older host drivers
 * @param reservedHostMemoryMb memory that is kept for the host, in MiB
 * @param maxConcurrentLiveMigrations how many migrations nova-compute runs at the same time, 0 for any number; null if it did not say
 * @param observe             whether Godwit only observes; null from an older compute driver, which does not
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NovaConfiguration(
        boolean permitPostCopy,
        boolean permitAutoConverge,
        long downtime,
        int downtimeSteps,
        int downtimeDelay,
        long bandwidth,
        boolean withNativeTls,
        boolean tunnelled,
        int parallelConnections,
        String timeoutAction,
        long completionTimeout,
        List<String> allowTechniques,
        List<String> forbidTechniques,
        Boolean enabled,
        Integer reservedHostMemoryMb,
        Integer maxConcurrentLiveMigrations,
        Boolean observe) {

    /** Nova's defaults, which hold until nova-compute has sent its configuration. */
    public static final NovaConfiguration NOVA_DEFAULTS = new NovaConfiguration(
            false, false, 500, 10, 75, 0, false, false, 1, "abort", 800, List.of(), List.of(), true);

    private static final long QEMU_MAX_DOWNTIME = 2_000_000;
    private static final int QEMU_MAX_CHANNELS = 255;
    private static final int MEBIBYTE = 1 << 20;

    /** Replaces missing values by Nova's defaults, and brings the others into the range that QEMU accepts. */
    public NovaConfiguration {
        downtime = downtime <= 0 ? 500 : Math.min(downtime, QEMU_MAX_DOWNTIME);
        bandwidth = Math.max(0, bandwidth);
        parallelConnections = Math.min(Math.max(1, parallelConnections), QEMU_MAX_CHANNELS);
        allowTechniques = allowTechniques == null ? List.of() : List.copyOf(allowTechniques);
        forbidTechniques = forbidTechniques == null ? List.of() : List.copyOf(forbidTechniques);
        enabled = enabled == null || enabled;
        observe = observe != null && observe;
        reservedHostMemoryMb = reservedHostMemoryMb == null || reservedHostMemoryMb < 0 ? 512 : reservedHostMemoryMb;
        maxConcurrentLiveMigrations =
                maxConcurrentLiveMigrations == null ? null : Math.max(0, maxConcurrentLiveMigrations);
    }

    /** A configuration without options of {@code [DEFAULT]}, by which Godwit does not only observe. */
    public NovaConfiguration(
            boolean permitPostCopy,
            boolean permitAutoConverge,
            long downtime,
            int downtimeSteps,
            int downtimeDelay,
            long bandwidth,
            boolean withNativeTls,
            boolean tunnelled,
            int parallelConnections,
            String timeoutAction,
            long completionTimeout,
            List<String> allowTechniques,
            List<String> forbidTechniques,
            Boolean enabled) {
        this(
                permitPostCopy,
                permitAutoConverge,
                downtime,
                downtimeSteps,
                downtimeDelay,
                bandwidth,
                withNativeTls,
                tunnelled,
                parallelConnections,
                timeoutAction,
                completionTimeout,
                allowTechniques,
                forbidTechniques,
                enabled,
                null,
                null,
                null);
    }

    /** The bounds of migrations from this host. */
    MigrationLimits limits() {
        return new MigrationLimits(
                Duration.ofMillis(downtime),
                bandwidth == 0 ? null : Bandwidth.ofBytesPerSecond((double) bandwidth * MEBIBYTE),
                parallelConnections > 1 ? parallelConnections : 0,
                withNativeTls,
                maxConcurrentLiveMigrations);
    }

    /** Why Godwit may advise nothing at all, as a clause, or nothing when it may. */
    Optional<String> silence() {
        if (!enabled && !observe) {
            return Optional.of("[godwit] enabled is False in its nova.conf");
        }
        return tunnelled
                ? Optional.of("live_migration_tunnelled is True in its nova.conf, which leaves no choice of technique")
                : Optional.empty();
    }

    /**
     * The techniques that must not be used, with the reason as the rest of a sentence.
     *
     * @param host name of this host
     */
    Map<Technique, String> forbidden(String host) {
        Set<Technique> allowed = techniques(allowTechniques, new ArrayList<>());
        Set<Technique> forbidden = techniques(forbidTechniques, new ArrayList<>());
        EnumMap<Technique, String> reasons = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            if (forbidden.contains(technique)) {
                reasons.put(technique, "is forbidden by nova.conf of %s: [godwit] forbid_techniques".formatted(host));
            } else if (!allowed.contains(technique)) {
                missingPermission(technique)
                        .ifPresent(option -> reasons.put(
                                technique,
                                "is not permitted by nova.conf of %s: %s is False. Add it to [godwit] allow_techniques to use it"
                                        .formatted(host, option)));
            }
        }
        return Collections.unmodifiableMap(reasons);
    }

    /** The option that has to be True for a technique and is not. Other techniques have no option, and endanger no VM. */
    private Optional<String> missingPermission(Technique technique) {
        if (technique.isPostCopy() && !permitPostCopy) {
            return Optional.of("live_migration_permit_post_copy");
        }
        return technique.traits().throttle() == Throttle.AUTO_CONVERGE && !permitAutoConverge
                ? Optional.of("live_migration_permit_auto_converge")
                : Optional.empty();
    }

    /** What is wrong with the options of {@code [godwit]}, in sentences; what is wrong is ignored. */
    List<String> errors() {
        List<String> errors = new ArrayList<>();
        List<String> words = new ArrayList<>();
        techniques(allowTechniques, words);
        words.forEach(word -> errors.add("[godwit] allow_techniques: %s It is ignored.".formatted(word)));
        words.clear();
        techniques(forbidTechniques, words);
        words.forEach(word -> errors.add("[godwit] forbid_techniques: %s It is ignored.".formatted(word)));
        return List.copyOf(errors);
    }

    private static Set<Technique> techniques(List<String> ids, List<String> errors) {
        Set<Technique> found = EnumSet.noneOf(Technique.class);
        for (String id : ids) {
            try {
                found.add(Technique.parse(id));
            } catch (IllegalArgumentException e) {
                errors.add(e.getMessage());
            }
        }
        return found;
    }
}
