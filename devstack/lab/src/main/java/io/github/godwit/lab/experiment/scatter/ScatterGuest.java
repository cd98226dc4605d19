package io.github.godwit.lab.experiment.scatter;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.linux.LinuxAccelerator;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.linux.LinuxVms;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.unit.MemorySize;

/** What the VM of an experiment runs. */
public interface ScatterGuest {

    /** Its name in the results. */
    String name();

    /** The accelerator that it has on this machine. */
    Accelerator accelerator();

    /** Starts a VM, and waits until its guest works. */
    void start(Lab lab, LabHost host, String vm, MemorySize memory);

    /** The lab's guest, which fills five eighths of its memory and writes to a quarter of that. */
    static ScatterGuest writing(Pattern pattern) {
        return new ScatterGuest() {
            @Override
            public String name() {
                return pattern.name();
            }

            @Override
            public Accelerator accelerator() {
                return MachineAccelerator.ofThisMachine().accelerator();
            }

            @Override
            public void start(Lab lab, LabHost host, String vm, MemorySize memory) {
                long touched = memory.bytes() / 8 * 5;
                GuestWorkload workload = new GuestWorkload(
                        whole(touched), whole(touched / 4), MemorySize.parse("8M"), pattern, 0.9, 64, 0.2);
                new LabVms(lab).start(host, vm, memory, workload, false);
            }
        };
    }

    /** A Linux guest with a Redis, which a client drives. */
    static ScatterGuest linux() {
        return new ScatterGuest() {
            @Override
            public String name() {
                return "linux";
            }

            @Override
            public Accelerator accelerator() {
                return LinuxAccelerator.find().accelerator();
            }

            @Override
            public void start(Lab lab, LabHost host, String vm, MemorySize memory) {
                LinuxGuest unused = new LinuxVms(lab).start(host, vm, memory, LinuxWorkload.REDIS, "", accelerator());
            }
        };
    }

    private static MemorySize whole(long bytes) {
        return MemorySize.ofMebibytes(bytes >> 20);
    }
}
