package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.linux.LinuxAccelerator;
import io.github.godwit.lab.linux.LinuxVms;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.NetworkPlan;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A Linux guest with Redis moves between two hosts while a client outside uses it. */
@ExtendWith(SharedLab.class)
@Timeout(300) // the first run downloads the guest's packages
class LinuxGuestIT {

    private static final String NAME = "cache";

    private Lab lab;

    @AfterEach
    void stop() {
        new LabVms(lab).stop(NAME);
    }

    @Test
    void theServiceContinuesAfterPreCopyAndItsDowntimeIsMeasured(Lab shared) throws InterruptedException {
        lab = shared;
        LabHost source = lab.hosts().get(0);
        LabHost destination = lab.hosts().get(1);
        new LinuxVms(lab)
                .start(
                        source,
                        NAME,
                        MemorySize.parse("160M"),
                        LinuxWorkload.REDIS,
                        "200",
                        LinuxAccelerator.find().accelerator());
        assertThat(taps(source)).hasSize(1);

        LabMigration.Result result = new LabMigration(lab)
                .migrate(
                        new LabMigration.Request(
                                NAME, destination.name(), Technique.PRE_COPY, null, null, Duration.ofSeconds(60)),
                        event -> {});

        assertThat(result.status().phase())
                .as(String.valueOf(result.status().error()))
                .isEqualTo(Phase.COMPLETED);
        assertThat(result.guestVerified()).as(result.guest()).isTrue();
        ClientReport service = result.service();
        assertThat(service.errors()).as("broken connections").isZero();
        assertThat(service.rateBefore()).as("%s", service).isGreaterThan(20);
        assertThat(service.rateAfter()).as("%s", service).isGreaterThan(20);
        assertThat(service.serviceDowntimeMillis()).as("%s", service).isBetween(1.0, 5000.0);
        assertThat(service.networkGapMillis()).as("%s", service).isBetween(1.0, 5000.0);
        assertThat(result.status().outcome().serviceDowntimeMillis()).isPositive();
        assertThat(taps(source)).isEmpty();
        assertThat(taps(destination)).hasSize(1);
    }

    /** The taps on the bridge of a host. */
    private static List<String> taps(LabHost host) {
        return new SystemCommands()
                .run("ip", "-n", host.namespace(), "-brief", "link", "show", "master", NetworkPlan.BRIDGE)
                .lines()
                .filter(line -> line.startsWith("gwt"))
                .toList();
    }
}
