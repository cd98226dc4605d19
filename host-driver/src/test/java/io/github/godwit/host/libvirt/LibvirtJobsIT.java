package io.github.godwit.host.libvirt;

import static io.github.godwit.host.libvirt.OwnLibvirt.DOMAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The limits of a real domain's migrations, which libvirt keeps in the domain, and what is left of them on this host. */
@Timeout(120)
class LibvirtJobsIT {

    /** What a domain of libvirt has if nobody has set another. */
    private static final long OWN = 8_796_093_022_207L;

    @TempDir
    Path limits;

    private static OwnLibvirt daemon;

    private LibvirtConnection libvirt;
    private LibvirtJobs jobs;

    @BeforeAll
    static void startDaemon() throws Exception {
        daemon = new OwnLibvirt();
    }

    @AfterAll
    static void stopDaemon() throws Exception {
        if (daemon != null) {
            daemon.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        libvirt = daemon.connect();
        daemon.startDomain();
        jobs = jobs();
    }

    @AfterEach
    void stop() {
        libvirt.close();
        daemon.endDomain();
    }

    private LibvirtJobs jobs() {
        return new LibvirtJobs(libvirt, new DomainEvents(), limits);
    }

    @Test
    void aDomainGetsItsOwnLimitBack() throws Exception {
        libvirt.limitSpeed(DOMAIN, 70, false); // virsh migrate-setspeed
        jobs.limitSpeed(DOMAIN, 50, false);
        jobs.limitSpeed(DOMAIN, 40, false);
        assertThat(libvirt.speedLimit(DOMAIN)).isEqualTo(40);
        assertThat(jobs.speedLimit(DOMAIN)).as("the domain's own").isEqualTo(70);

        jobs.restoreSpeed(DOMAIN);

        assertThat(libvirt.speedLimit(DOMAIN)).isEqualTo(70);
        assertThat(limits).isEmptyDirectory();
    }

    @Test
    void theNextHostDriverGivesItBackAfterAKill() throws Exception {
        jobs.limitSpeed(DOMAIN, 50, false);
        assertThat(libvirt.speedLimit(DOMAIN)).isEqualTo(50);

        jobs().restoreSpeeds();

        assertThat(libvirt.speedLimit(DOMAIN)).isEqualTo(OWN);
        assertThat(limits).isEmptyDirectory();
    }

    @Test
    void aDomainThatHasLeftIsForgotten() throws Exception {
        jobs.limitSpeed(DOMAIN, 50, false);
        daemon.endDomain();

        jobs.restoreSpeed(DOMAIN);

        assertThat(limits).isEmptyDirectory();
    }

    @Test
    void whatLibvirtCannotGiveBackStaysKnown() throws IOException {
        jobs.limitSpeed(DOMAIN, 50, false);
        libvirt.close();

        assertThatThrownBy(() -> jobs.restoreSpeed(DOMAIN)).isInstanceOf(LibvirtException.class);

        assertThat(limits.resolve(DOMAIN)).hasContent(Long.toString(OWN));
    }
}
