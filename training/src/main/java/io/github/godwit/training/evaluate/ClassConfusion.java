package io.github.godwit.training.evaluate;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.profile.WorkloadClass;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often the workload class of a VM was recognised from its profile, compared with the configuration of its guest.
 *
 * @param cases  number of cases
 * @param counts confusion matrix by class, without the classes that the lab's guest cannot have
 */
public record ClassConfusion(int cases, Map<WorkloadClass, Counts> counts) {

    /**
     * The confusion matrix of one class.
     *
     * @param truePositives  cases of the class that were recognised
     * @param falseNegatives cases of the class that were not recognised
     * @param falsePositives other cases that were recognised as of the class
     * @param trueNegatives  other cases that were not recognised as of the class
     */
    public record Counts(int truePositives, int falseNegatives, int falsePositives, int trueNegatives) {

        Counts with(boolean really, boolean recognised) {
            return new Counts(
                    truePositives + (really && recognised ? 1 : 0),
                    falseNegatives + (really && !recognised ? 1 : 0),
                    falsePositives + (!really && recognised ? 1 : 0),
                    trueNegatives + (!really && !recognised ? 1 : 0));
        }
    }

    private static final double KIB_PER_MIB = 1024;
    private static final double PER_MILLE = 1000;

    /** The confusion over the distinct cases of the rows whose guest's workload is known. */
    public static ClassConfusion of(List<DatasetRow> rows) {
        Map<WorkloadClass, Counts> counts = new EnumMap<>(WorkloadClass.class);
        Set<String> seen = new HashSet<>();
        for (DatasetRow row : rows) {
            if (!row.workload().isEmpty() && seen.add(row.caseId())) {
                VmProfile vm = row.outcome().migrationCase().vm();
                truth(row.workload())
                        .forEach((kind, really) -> counts.merge(
                                kind,
                                new Counts(0, 0, 0, 0).with(really, kind.fits(vm)),
                                (one, other) -> new Counts(
                                        one.truePositives() + other.truePositives(),
                                        one.falseNegatives() + other.falseNegatives(),
                                        one.falsePositives() + other.falsePositives(),
                                        one.trueNegatives() + other.trueNegatives())));
            }
        }
        return new ClassConfusion(seen.size(), counts);
    }

    /** Applies the rules of the classes to the configuration of the guest, the {@code key=value} pairs of its command line. */
    private static Map<WorkloadClass, Boolean> truth(String workload) {
        Map<String, String> settings = new HashMap<>();
        for (String pair : workload.split(" ", -1)) {
            String[] parts = pair.split("=", 2);
            settings.put(parts[0], parts[parts.length - 1]);
        }
        double cpu = Double.parseDouble(settings.get("cpu")) / PER_MILLE;
        double touched = Double.parseDouble(settings.get("touched"));
        double workingSet = Double.parseDouble(settings.get("ws"));
        double dirty = Double.parseDouble(settings.get("dirty")) / KIB_PER_MIB;
        Map<WorkloadClass, Boolean> truth = new EnumMap<>(WorkloadClass.class);
        truth.put(WorkloadClass.CPU_INTENSIVE, cpu >= WorkloadClass.BUSY_SHARE);
        truth.put(
                WorkloadClass.MEMORY_INTENSIVE,
                uniqueInASecond(dirty, workingSet, settings.get("pattern")) >= WorkloadClass.MUCH_MEBIBYTES);
        truth.put(WorkloadClass.WRITE_INTENSIVE, dirty >= WorkloadClass.MUCH_MEBIBYTES);
        truth.put(
                WorkloadClass.READ_INTENSIVE,
                cpu >= WorkloadClass.SOME_CORES
                        && touched >= WorkloadClass.MUCH_MEBIBYTES
                        && dirty < WorkloadClass.LITTLE_MEBIBYTES);
        return truth;
    }

    /** Different pages that the guest writes in a second by its pattern, in MiB. */
    private static double uniqueInASecond(double dirty, double workingSet, String pattern) {
        return switch (pattern) {
            case "seq" -> Math.min(dirty, workingSet);
            case "hotspot" -> random(0.9 * dirty, 0.1 * workingSet) + random(0.1 * dirty, 0.9 * workingSet);
            default -> random(dirty, workingSet);
        };
    }

    private static double random(double dirty, double set) {
        return set <= 0 ? 0 : set * (1 - Math.exp(-dirty / set));
    }
}
