package io.github.godwit.model.profile;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The network interface of a VM that a host driver without libvirt starts: virtio-net on a tap, which the host driver makes and
 * attaches to a bridge of its host. It is the same on the source and on the destination of a migration.
 *
 * @param mac    its MAC address, for example {@code 52:54:00:12:34:56}
 * @param bridge name of the bridge on every host that the VM may run on
 */
public record VmNic(String mac, String bridge) {

    private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

    /** Linux limits the name of an interface to 15 characters (IFNAMSIZ). */
    private static final Pattern BRIDGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,14}");

    /**
     * Checks both; the MAC address is converted to lower case.
     *
     * @throws IllegalArgumentException when the MAC address is not one of a single interface, or the bridge's name is not valid
     */
    public VmNic {
        mac = mac == null ? "" : mac.toLowerCase(Locale.ROOT);
        if (!MAC.matcher(mac).matches() || (Integer.parseInt(mac.substring(0, 2), 16) & 1) != 0) {
            throw new IllegalArgumentException(
                    "The mac of the nic (%s) must be a unicast address such as 52:54:00:12:34:56.".formatted(mac));
        }
        if (bridge == null || !BRIDGE.matcher(bridge).matches()) {
            throw new IllegalArgumentException(
                    "The bridge of the nic (%s) must be the name of an interface, at most 15 characters."
                            .formatted(bridge));
        }
    }
}
