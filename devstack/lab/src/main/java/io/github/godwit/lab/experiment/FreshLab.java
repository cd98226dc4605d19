package io.github.godwit.lab.experiment;

import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.HostVms;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.run.TakenDownOnExit;
import io.github.godwit.model.profile.Hypervisor;

/** The lab of an experiment: created anew, and taken down at the end of a block, however the block ends. */
public final class FreshLab implements AutoCloseable {

    private final Lab lab;
    private final TakenDownOnExit exit;

    private FreshLab(Lab lab, TakenDownOnExit exit) {
        this.lab = lab;
        this.exit = exit;
    }

    /** Takes down what a killed run left, and creates hosts. */
    static FreshLab up(Setting setting, int hosts) throws InterruptedException {
        return up(setting, hosts, Hypervisor.QEMU);
    }

    /** The same with what runs the VMs. */
    public static FreshLab up(Setting setting, int hosts, Hypervisor hypervisor) throws InterruptedException {
        LabDown down = new LabDown(setting.lab(), setting.commands());
        down.down();
        Lab lab = new LabUp(setting.lab(), setting.commands(), setting.progress())
                .up(hosts, LinkShape.withShortQueue(setting.link()), setting.cores(), null, HostVms.of(hypervisor));
        return new FreshLab(lab, new TakenDownOnExit(down));
    }

    /** The same with intermediaries, for VMs of plain QEMU. */
    public static FreshLab withIntermediaries(Setting setting, int hosts, int intermediaries)
            throws InterruptedException {
        LabDown down = new LabDown(setting.lab(), setting.commands());
        down.down();
        Lab lab = new LabUp(setting.lab(), setting.commands(), setting.progress())
                .up(
                        hosts,
                        intermediaries,
                        LinkShape.withShortQueue(setting.link()),
                        setting.cores(),
                        null,
                        HostVms.of(Hypervisor.QEMU));
        return new FreshLab(lab, new TakenDownOnExit(down));
    }

    /** The lab. */
    public Lab lab() {
        return lab;
    }

    @Override
    public void close() {
        exit.close();
    }
}
