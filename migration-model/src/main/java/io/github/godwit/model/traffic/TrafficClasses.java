package io.github.godwit.model.traffic;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The workload classes that follow from traffic, with the bounds of each, and an operator's other bounds for single projects. The
 * first class that fits a VM's traffic is its class.
 *
 * @param version  counts the operator's changes; 0 for what ships
 * @param types    the classes, each with a name of its own; at least one
 * @param projects other bounds for single projects, at most one for each project and class
 */
public record TrafficClasses(long version, List<WorkloadType> types, List<ProjectBounds> projects) {

    private static final TrafficClasses SHIPPED = new TrafficClasses(0, TrafficForm.shipped(), List.of());

    /**
     * Copies the lists; missing projects are none.
     *
     * @throws IllegalArgumentException when there is no class, or a name or a project occurs twice
     */
    public TrafficClasses {
        Checks.notNegative("version of the traffic classes", version);
        types = List.copyOf(Checks.present("traffic classes", types));
        projects = projects == null ? List.of() : List.copyOf(projects);
        if (types.isEmpty()) {
            throw new IllegalArgumentException("There is no traffic class. Add at least one.");
        }
        requireOnce(types.stream().map(WorkloadType::name).toList(), "traffic classes");
        requireOnce(
                projects.stream()
                        .map(each -> each.type() + " for project " + each.project())
                        .toList(),
                "bounds of traffic class");
    }

    private static void requireOnce(List<String> names, String what) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("There are two %s %s. Keep one.".formatted(what, name));
            }
        }
    }

    /** What ships with Godwit. */
    public static TrafficClasses shipped() {
        return SHIPPED;
    }

    /** Whether it says the same as what ships, whichever versions it has had. */
    public boolean isAsShipped() {
        return types.equals(SHIPPED.types) && projects.isEmpty();
    }

    /** The class of this name, if there is one. */
    public Optional<WorkloadType> find(String name) {
        return types.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    /** The class of a VM with this traffic: the first that fits, or the last of all where none does ({@link #gap}). */
    public WorkloadType typeOf(Traffic traffic) {
        return types.stream()
                .filter(type -> type.fits(traffic))
                .findFirst()
                .orElseGet(() -> types.get(types.size() - 1));
    }

    /**
     * What holds for the migration of a VM. The bounds are, in this order: those of the flavor, of the project, of the class. The
     * server's owner can make them smaller. The same holds for the urgency; the bounds are those of the operator's urgency.
     *
     * @param traffic traffic of the VM's taps; the busier direction is what shares are taken of
     * @param usual   the urgency without wishes
     * @param project UUID of the VM's project, if it is known
     * @param wishes  of its flavor and of its owner
     */
    public VmSla of(Traffic traffic, Urgency usual, Optional<String> project, SlaWishes wishes) {
        List<String> notes = new ArrayList<>(wishes.warnings());
        WorkloadType type = typeOf(traffic);
        Urgency urgency = wishes.urgency(usual, notes);
        Bandwidth now = WorkloadType.busier(traffic);
        // An owner's lower urgency must not claim the larger bounds that go with it.
        SlaBounds allowed =
                byFlavor(terms(type, wishes.byFlavor(usual), project).of(now), wishes.flavor(), now);
        Bandwidth upper = narrowed(SlaWishes.UPPER, wishes.server().upper(), allowed.upper(), now, notes);
        Bandwidth lower = narrowed(SlaWishes.LOWER, wishes.server().lower(), allowed.lower(), now, notes);
        return new VmSla(type.name(), traffic, urgency, new SlaBounds(lower.min(upper), upper), notes);
    }

    private SlaTerms terms(WorkloadType type, Urgency urgency, Optional<String> project) {
        return projects.stream()
                .filter(each -> each.type().equals(type.name())
                        && project.filter(each.project()::equals).isPresent())
                .findFirst()
                .map(each -> each.bounds().get(urgency))
                .orElse(type.bounds().get(urgency));
    }

    /** A flavor that sets one bound beyond the other one of the class moves that one too. */
    private static SlaBounds byFlavor(SlaBounds usual, SlaWishes.Wish flavor, Bandwidth now) {
        Bandwidth lower =
                flavor.lower() == null ? usual.lower() : flavor.lower().of(now);
        Bandwidth upper =
                flavor.upper() == null ? usual.upper() : flavor.upper().of(now);
        if (lower.compareTo(upper) <= 0) {
            return new SlaBounds(lower, upper);
        }
        return flavor.upper() == null ? new SlaBounds(lower, lower) : new SlaBounds(upper, upper);
    }

    private static Bandwidth narrowed(String key, SlaBound wish, Bandwidth allowed, Bandwidth now, List<String> notes) {
        if (wish == null) {
            return allowed;
        }
        Bandwidth wanted = wish.of(now);
        if (wanted.compareTo(allowed) > 0) {
            notes.add("%s %s in the server's metadata is limited to the operator's %s.".formatted(key, wish, allowed));
        }
        return wanted.min(allowed);
    }

    /** Traffic that no class covers, as the rest of a sentence that begins with "no class covers"; nothing if all is covered. */
    public Optional<String> gap() {
        for (TrafficClass traffic : TrafficClass.values()) {
            boolean idle = traffic == TrafficClass.IDLE;
            long covered = idle ? 0 : TrafficClass.IDLE_LIMIT.bitsPerSecond();
            long end = idle ? TrafficClass.IDLE_LIMIT.bitsPerSecond() : Long.MAX_VALUE;
            List<WorkloadType> rising = types.stream()
                    .filter(type -> type.traffic().contains(traffic))
                    .sorted(Comparator.comparing(WorkloadType::atLeast))
                    .collect(Collectors.toList());
            for (WorkloadType type : rising) {
                if (type.atLeast().bitsPerSecond() <= covered) {
                    long to =
                            type.below() == null ? Long.MAX_VALUE : type.below().bitsPerSecond();
                    covered = Math.max(covered, to);
                }
            }
            if (covered < end) {
                return Optional.of(
                        "%s traffic from %s on".formatted(TrafficForm.text(traffic), new Bandwidth(covered)));
            }
        }
        return Optional.empty();
    }
}
