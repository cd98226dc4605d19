package io.github.godwit.host.profile.known;

import io.github.godwit.model.profile.VmProfile;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The latest profile of each VM, for an hour, and of the latest thousand VMs at most. Safe for use by several threads. */
public final class KnownProfiles {

    private static final Duration MIN_VALIDITY = Duration.ofSeconds(20);
    private static final Duration MAX_VALIDITY = Duration.ofMinutes(10);
    private static final Duration MAX_AGE = Duration.ofHours(1);
    private static final int MOST = 1_000;

    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(VmProfile profile, long at, long firstSeen) {
        /** Valid for 20 s to 10 min: the longer, the longer the VM was known when it was profiled, because new VMs change more. */
        boolean stale() {
            Duration age = Duration.ofNanos(at - firstSeen);
            Duration validity = age.compareTo(MIN_VALIDITY) < 0 ? MIN_VALIDITY : age;
            return !youngerThan(validity.compareTo(MAX_VALIDITY) > 0 ? MAX_VALIDITY : validity);
        }

        boolean youngerThan(Duration age) {
            return System.nanoTime() - at < age.toNanos();
        }

        /** The profile with the current age of each part. */
        VmProfile now() {
            return profile.aged(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at));
        }
    }

    /** Stores a profile, with the parts that it lacks from the earlier one, and returns it. */
    public VmProfile remember(VmProfile profile) {
        long now = System.nanoTime();
        if (known.size() >= MOST) {
            known.entrySet().stream()
                    .min(Comparator.comparingLong(each -> each.getValue().at()))
                    .ifPresent(oldest -> known.remove(oldest.getKey()));
        }
        return known.compute(
                        profile.name(),
                        (name, before) -> new Known(
                                before == null || profile.missing().isEmpty()
                                        ? profile
                                        : profile.completedFrom(before.now()),
                                now,
                                before == null ? now : before.firstSeen()))
                .profile();
    }

    /** The profile of a VM with the current age of each part; empty if there is none. */
    public Optional<VmProfile> now(String vm) {
        return Optional.ofNullable(known.get(vm)).map(Known::now);
    }

    /** Whether a VM has no profile or one that may no longer be true. */
    public boolean isStale(String vm) {
        Known profile = known.get(vm);
        return profile == null || profile.stale();
    }

    /** Forgets profiles of more than an hour ago. */
    public void forgetOld() {
        known.values().removeIf(each -> !each.youngerThan(MAX_AGE));
    }
}
