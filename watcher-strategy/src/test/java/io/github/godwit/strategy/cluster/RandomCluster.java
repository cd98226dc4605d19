package io.github.godwit.strategy.cluster;

import io.github.godwit.strategy.cluster.PlacementRoom.Need;
import io.github.godwit.strategy.cluster.PlacementRoom.Room;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random clusters: any load, with VMs that are paused, pinned, migrating or kept apart, and hosts that are closed. */
public final class RandomCluster {

    private RandomCluster() {}

    /** Returns a cluster; the same seed gives the same cluster. */
    public static ClusterModel of(long seed, int mostHosts, double load) {
        Random random = new Random(seed);
        int hosts = 2 + random.nextInt(mostHosts - 1);
        StringBuilder drawing = new StringBuilder();
        List<String> vms = new ArrayList<>();
        Set<String> closed = new HashSet<>();
        for (int h = 0; h < hosts; h++) {
            int cores = 2 + random.nextInt(31);
            int memory = 4096 * (1 + random.nextInt(16));
            int count = random.nextInt(7);
            double used = 0.02 * random.nextDouble() * memory;
            double busy = 0.02 * random.nextDouble() * cores;
            StringBuilder lines = new StringBuilder();
            for (int v = 0; v < count; v++) {
                int promised = 64 + (int) (load * memory / 6 * random.nextDouble());
                int resident = 32 + (int) ((promised - 32) * random.nextDouble());
                double use = load * cores / 5 * random.nextDouble();
                used += resident;
                busy += use;
                String name = "v" + vms.size();
                vms.add(name);
                lines.append("vm %s memory=%d resident=%d cores=%s out=%d state=%s%s\n"
                        .formatted(
                                name,
                                promised,
                                resident,
                                use,
                                random.nextInt(100),
                                random.nextInt(15) == 0 ? "paused" : "running",
                                random.nextInt(20) == 0 ? " migration=m" : ""));
            }
            drawing.append("host h%d cores=%d memory=%d cpu=%s used=%s out=%d\n%s"
                    .formatted(
                            h,
                            cores,
                            memory,
                            Math.min(1, busy / cores),
                            Math.min(1, used / memory),
                            random.nextInt(500),
                            lines));
            if (random.nextInt(8) == 0) {
                closed.add("h" + h);
            }
        }
        return DrawnCluster.draw(drawing.toString())
                .withRules(rules(random, vms, closed).withRoom(room(random, hosts, vms)));
    }

    /** Placement knows most of the hosts and VMs, and has less capacity left than the load suggests. */
    private static PlacementRoom room(Random random, int hosts, List<String> vms) {
        Map<String, Map<String, Room>> rooms = new HashMap<>();
        for (int h = 0; h < hosts; h++) {
            if (random.nextInt(6) > 0) {
                rooms.put("h" + h, Map.of("VCPU", new Room(random.nextInt(24), 1 + random.nextInt(8))));
            }
        }
        Map<String, Map<String, Need>> needs = new HashMap<>();
        vms.stream()
                .filter(vm -> random.nextInt(10) > 0)
                .forEach(vm -> needs.put(vm, Map.of("VCPU", Need.of(1L + random.nextInt(4)))));
        return new PlacementRoom(rooms, needs);
    }

    private static ClusterRules rules(Random random, List<String> vms, Set<String> closed) {
        Set<String> pinned = new HashSet<>();
        Set<String> first = new HashSet<>();
        Set<String> second = new HashSet<>();
        for (String vm : vms) {
            switch (random.nextInt(8)) {
                case 0 -> pinned.add(vm);
                case 1 -> first.add(vm);
                case 2 -> second.add(vm);
                default -> {}
            }
        }
        return new ClusterRules(pinned, closed, List.of(first, second));
    }
}
