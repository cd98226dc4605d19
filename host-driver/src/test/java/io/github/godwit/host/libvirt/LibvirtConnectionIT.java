package io.github.godwit.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.Version;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests libvirt's test driver, which has one domain without QEMU; {@code devstack/openstack check} tests libvirt with QEMU. */
class LibvirtConnectionIT {

    @Test
    void domainsAndTheirXmlAreRead() throws Exception {
        try (LibvirtConnection libvirt = LibvirtConnection.open("test:///default", new DomainEvents())) {
            assertThat(libvirt.version()).isGreaterThanOrEqualTo(Version.of(9, 0));
            List<String> running = libvirt.running();
            assertThat(running).hasSize(1);
            VmDefinition vm = DomainXml.read(libvirt.xml(running.get(0)));
            assertThat(vm.name()).isEqualTo(running.get(0));
            assertThat(vm.memory().mebibytes()).isEqualTo(8192);
        }
    }

    @Test
    void errorsContainLibvirtsMessage() throws Exception {
        try (LibvirtConnection libvirt = LibvirtConnection.open("test:///default", new DomainEvents())) {
            assertThatThrownBy(() -> libvirt.xml("00000000-0000-4000-8000-000000000000"))
                    .isInstanceOf(LibvirtException.class)
                    .hasMessageContaining("Domain not found");
        }
        assertThatThrownBy(() -> LibvirtConnection.open("test:///no/such/file", new DomainEvents()))
                .isInstanceOf(LibvirtException.class)
                .hasMessageContaining("test:///no/such/file");
    }

    @Test
    void aClosedConnectionIsReported() throws Exception {
        LibvirtConnection libvirt = LibvirtConnection.open("test:///default", new DomainEvents());
        libvirt.close();
        assertThatThrownBy(libvirt::running).hasMessageContaining("is closed");
    }

    @Test
    @Timeout(30)
    void aDaemonThatAcceptsAndNeverAnswersIsReportedInTime(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("libvirt.sock");
        try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            daemon.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(() -> LibvirtConnection.open("qemu+unix:///system?socket=" + path, new DomainEvents()))
                    .isInstanceOf(LibvirtException.class)
                    .hasMessageContaining("did not answer within 5000 ms");
        }
    }
}
