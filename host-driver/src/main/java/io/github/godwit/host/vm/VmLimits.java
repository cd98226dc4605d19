package io.github.godwit.host.vm;

import io.github.godwit.model.technique.RunningQemu;
import io.github.godwit.model.technique.ServerTrait;
import io.github.godwit.model.technique.ServerTraits;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a VM's disks, devices, memory and QEMU mean for its migration, as last read.
 *
 * @param diskBytes bytes that its disks occupy on a local file system; 0 if it has none, or if that is unknown
 * @param running   its QEMU if that is not the installed one; otherwise null
 * @param traits    what rules out techniques
 * @param taps      interfaces of this host that carry its traffic, as its definition in libvirt names them
 */
public record VmLimits(long diskBytes, RunningQemu running, ServerTraits traits, List<String> taps) {

    /** Nothing is known. */
    public static final VmLimits NONE = new VmLimits(0, null, new ServerTraits(Map.of(), null));

    /** Copies the list. */
    public VmLimits {
        taps = List.copyOf(taps);
    }

    /** Without interfaces. */
    public VmLimits(long diskBytes, RunningQemu running, ServerTraits traits) {
        this(diskBytes, running, traits, List.of());
    }

    /** The same limits of a VM with other interfaces. */
    public VmLimits withTaps(List<String> others) {
        return new VmLimits(diskBytes, running, traits, others);
    }

    /** These limits with the answers that an earlier reading got from QEMU's monitor, if this one got none. */
    VmLimits after(VmLimits before) {
        if (traits.blockers() != null || before.traits.blockers() == null) {
            return this;
        }
        Map<ServerTrait, String> found = new EnumMap<>(ServerTrait.class);
        found.putAll(traits.found());
        String ignored = before.traits.found().get(ServerTrait.IGNORES_SHARED_MEMORY);
        if (ignored != null) {
            found.put(ServerTrait.IGNORES_SHARED_MEMORY, ignored);
        }
        return new VmLimits(
                diskBytes,
                running == null || before.running == null ? running : before.running,
                new ServerTraits(found, before.traits.blockers()),
                taps);
    }
}
