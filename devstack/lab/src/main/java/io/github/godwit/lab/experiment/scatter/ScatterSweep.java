package io.github.godwit.lab.experiment.scatter;

import io.github.godwit.lab.experiment.Setting;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same experiment for several rates of the destination's link and sizes of the VM. A single combination has the file of the setting, several
 * have a file each beside it. The time is that of all of them together.
 */
public final class ScatterSweep {

    private final Setting setting;
    private final Map<Path, Combination> combinations = new LinkedHashMap<>();

    private record Combination(Bandwidth destination, MemorySize memory) {}

    /**
     * @param destinations rates of the link into the destination
     * @param memories     sizes of the VM
     */
    public ScatterSweep(Setting setting, List<Bandwidth> destinations, List<MemorySize> memories) {
        this.setting = setting;
        boolean single = destinations.size() * memories.size() == 1;
        for (MemorySize memory : memories) {
            for (Bandwidth destination : destinations) {
                combinations.put(
                        single ? setting.file() : beside(setting.file(), destination, memory),
                        new Combination(destination, memory));
            }
        }
    }

    static Path beside(Path file, Bandwidth destination, MemorySize memory) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        return file.resolveSibling(
                "%s-%s-%s%s".formatted(stem, destination, memory, dot < 0 ? "" : name.substring(dot)));
    }

    /** The files of the results, in the order in which they are measured. */
    public List<Path> files() {
        return List.copyOf(combinations.keySet());
    }

    /**
     * Measures until there are as many runs of each way as wanted.
     *
     * @param intermediaries the numbers of intermediaries to try
     * @param times          number of runs of each way
     * @return whether all runs are in the files
     */
    public boolean run(List<Integer> intermediaries, ScatterGuest guest, int times) throws InterruptedException {
        boolean complete = true;
        long end = System.nanoTime() + setting.limit().toNanos();
        for (Map.Entry<Path, Combination> each : combinations.entrySet()) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            complete &= new ScatterExperiment(
                            setting.with(each.getKey(), left),
                            intermediaries,
                            each.getValue().destination(),
                            each.getValue().memory(),
                            guest,
                            times)
                    .run();
        }
        return complete;
    }
}
