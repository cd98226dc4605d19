package io.github.godwit.host.nic;

import io.github.godwit.host.nic.NetDevices.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which devices carry what another one sends to the network: those whose counters include everything that shares the wire with it.
 *
 * <ul>
 *   <li>A NIC of hardware carries its own traffic. So does a bond: the kernel adds up the counters of its NICs, and keeps the sum when a
 *       NIC leaves it. So does a team.
 *   <li>A VLAN, macvlan or similar is carried by what the device below it is carried by.
 *   <li>A bridge is carried by its ports that lead to a network: those with hardware below them, or else its only port that is no tap.
 *       With several, all of them count, although one frame leaves by one.
 *   <li>Everything else carries its own traffic: a veth, a tunnel, a bridge without a port that leads to a network, a port of Open
 *       vSwitch.
 * </ul>
 *
 * @param devices the devices
 */
public record Carriers(NetDevices devices) {

    /** Deeper stacks are not followed; devices may name each other. */
    public static final int MOST_LEVELS = 8;

    /** The devices that carry the traffic of one; the device itself if nothing is known about it. */
    public List<String> of(String device) {
        Set<String> found = new LinkedHashSet<>();
        collect(device, 0, found);
        return found.isEmpty() ? List.of(device) : List.copyOf(found);
    }

    private void collect(String device, int level, Set<String> found) {
        if (level > MOST_LEVELS) {
            return;
        }
        switch (devices.kind(device)) {
            case BRIDGE -> uplinks(device, level, found);
            case STACKED -> {
                List<String> lower = devices.lower(device);
                if (lower.size() == 1) {
                    collect(lower.get(0), level + 1, found);
                } else {
                    found.add(device); // a team
                }
            }
            default -> found.add(device);
        }
    }

    private void uplinks(String bridge, int level, Set<String> found) {
        List<String> candidates = devices.ports(bridge).stream()
                .filter(port -> devices.kind(port) != Kind.TAP)
                .toList();
        List<String> wired = new ArrayList<>();
        for (String port : candidates) {
            if (isWired(port, level + 1)) {
                wired.add(port);
            }
        }
        if (!wired.isEmpty()) {
            wired.forEach(port -> collect(port, level + 1, found));
        } else if (candidates.size() == 1) {
            collect(candidates.get(0), level + 1, found);
        } else {
            found.add(bridge);
        }
    }

    /** Whether there is hardware below a device. */
    private boolean isWired(String device, int level) {
        if (level > MOST_LEVELS) {
            return false;
        }
        return switch (devices.kind(device)) {
            case HARDWARE, BOND -> true;
            case STACKED -> devices.lower(device).stream().anyMatch(lower -> isWired(lower, level + 1));
            default -> false;
        };
    }
}
