package io.github.godwit.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.libvirt.DomainDevices.FileDisk;
import io.github.godwit.model.technique.ServerTrait;
import io.github.godwit.model.unit.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a domain's XML shows about its migration; the elements are those of libvirt's formatdomain. */
class DomainDevicesTest {

    private static final Version LIBVIRT = Version.of(11, 3);

    private static DomainDevices read(String devices, String domain) throws LibvirtException {
        return DomainDevices.read(
                "<domain type='kvm'><devices>%s</devices>%s</domain>".formatted(devices, domain), LIBVIRT);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "HOST_DEVICE          | <hostdev mode='subsystem' type='pci' managed='yes'/>            | hostdev pci",
                "HOST_DEVICE          | <hostdev mode='subsystem' type='mdev' model='vfio-pci'/>        | hostdev mdev",
                "HOST_DEVICE          | <hostdev mode='subsystem' type='scsi_host'/>                    | hostdev scsi_host",
                "HOST_DEVICE          | <interface type='hostdev'><source/></interface>                 | interface hostdev",
                "HOST_DEVICE          | <interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface> | interface vdpa",
                "HOST_DEVICE          | <disk type='vhostvdpa'><target dev='vdb'/></disk>               | disk vdb",
                "VHOST_USER           | <interface type='vhostuser'><source path='/s'/></interface>     | interface vhostuser",
                "VHOST_USER           | <disk type='vhostuser' device='disk'><target dev='vdc'/></disk> | disk vdc",
                "TRANSIENT_DISK       | <disk type='block'><target dev='vdd'/><transient/></disk>       | vdd",
                "HOST_DIRECTORY       | <filesystem type='mount'><target dir='share'/></filesystem>     | share",
                "VIRTIOFS             | <filesystem><driver type='virtiofs'/><target dir='s'/></filesystem> | s",
                "SHARED_MEMORY_DEVICE | <shmem name='m'/>                                               | m",
                "SHARED_MEMORY_DEVICE | <shmem name='m' role='peer'/>                                   | m",
                "HOST_TPM             | <tpm model='tpm-tis'><backend type='passthrough'/></tpm>        | ''",
                "PERSISTENT_MEMORY    | <memory model='nvdimm'><source><path>/dev/dax0.0</path></source></memory> | memory nvdimm",
                "PERSISTENT_MEMORY    | <memory model='virtio-pmem' access='shared'/>                   | memory virtio-pmem",
            })
    void devicesThatRuleTechniquesOut(ServerTrait trait, String device, String detail) throws Exception {
        assertThat(read(device, "").traits()).isEqualTo(Map.of(trait, detail));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ENCRYPTED_MEMORY | <launchSecurity type='sev'/>                                            | sev",
                "ENCRYPTED_MEMORY | <launchSecurity type='tdx'/>                                            | tdx",
                "FILE_MEMORY      | <memoryBacking><source type='file'/></memoryBacking>       | memoryBacking source file",
                "GIGANTIC_PAGES   | <memoryBacking><hugepages><page size='1048576' unit='KiB'/></hugepages></memoryBacking> | ''",
                "GIGANTIC_PAGES   | <memoryBacking><hugepages><page size='1' unit='G'/></hugepages></memoryBacking> | ''",
                "INVARIANT_TSC    | <cpu mode='host-model'><feature policy='require' name='invtsc'/></cpu>  | ''",
            })
    void memoryAndProcessorThatRuleTechniquesOut(ServerTrait trait, String element, String detail) throws Exception {
        assertThat(read("", element).traits()).isEqualTo(Map.of(trait, detail));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<hostdev mode='subsystem' type='usb'/>                                               | ''",
                "<hostdev mode='subsystem' type='pci'><teaming type='transient' persistent='ua'/></hostdev> | ''",
                "<interface type='hostdev'><teaming type='transient' persistent='ua'/></interface>    | ''",
                "<interface type='bridge'/><interface type='ethernet'/><interface type='direct'/>     | ''",
                "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>                  | ''",
                "<shmem name='m' role='master'/>                                                      | ''",
                "<memory model='dimm'/><memory model='virtio-mem'/>                                   | ''",
                "'' | <memoryBacking><hugepages><page size='2048' unit='KiB'/></hugepages><source type='file'/></memoryBacking>",
                "'' | <memoryBacking><source type='memfd'/><access mode='shared'/><locked/></memoryBacking>",
                "'' | <cpu><feature policy='disable' name='invtsc'/></cpu>",
                "'' | <cpu><feature policy='require' name='invtsc'/></cpu><clock><timer name='tsc' frequency='2000000000'/></clock>",
            })
    void whatEveryTechniqueMigrates(String devices, String domain) throws Exception {
        assertThat(read(devices, domain).traits()).isEmpty();
    }

    @Test
    void virtiofsCannotBeMigratedByAnOlderLibvirt() throws Exception {
        String xml =
                "<domain><devices><filesystem><driver type='virtiofs'/><target dir='s'/></filesystem></devices></domain>";

        assertThat(DomainDevices.read(xml, Version.of(9, 10)).traits())
                .containsOnlyKeys(ServerTrait.VIRTIOFS_OF_OLD_LIBVIRT);
    }

    @Test
    void onlyWritableDisksInFilesOfTheServerItselfAreCopied() throws Exception {
        DomainDevices devices = read("""
                <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/i/disk'/><target dev='vda'/></disk>
                <disk type='file' device='cdrom'><source file='/i/disk.config'/><target dev='hda'/><readonly/></disk>
                <disk type='file' device='disk'><source file='/i/ro'/><target dev='vdb'/><readonly/></disk>
                <disk type='file' device='disk'><source file='/i/both'/><target dev='vdc'/><shareable/></disk>
                <disk type='network' device='disk'><source protocol='rbd' name='v'/><target dev='vdd'/></disk>
                <disk type='block' device='disk'><source dev='/dev/sdx'/><target dev='vde'/></disk>
                <disk type='file' device='cdrom'><target dev='hdb'/></disk>
                <disk type='file'><source file='/i/disk.eph0'/><target dev='vdf'/></disk>""", "");

        assertThat(devices.disks())
                .containsExactly(new FileDisk("vda", "/i/disk", "qcow2"), new FileDisk("vdf", "/i/disk.eph0", ""));
        assertThat(devices.traits()).isEmpty();
    }

    @Test
    void whatIsNoXmlIsRefused() {
        assertThatThrownBy(() -> DomainDevices.read("<domain", LIBVIRT)).isInstanceOf(LibvirtException.class);
    }

    @Test
    void tapsAreTheTargetsOfInterfacesThatTheHostServes() throws Exception {
        assertThat(read("""
                <interface type='bridge'><source bridge='br0'/><target dev='vnet0'/></interface>
                <interface type='bridge'><virtualport type='openvswitch'/><target dev='tap1a2b3c4d-5e'/></interface>
                <interface type='ethernet'><target dev='tap9f8e7d6c-5b'/></interface>
                <interface type='network'><target dev='vnet1'/></interface>
                <interface type='direct'><source dev='eth0' mode='vepa'/><target dev='macvtap0'/></interface>
                <interface type='user'><mac address='52:54:00:00:00:01'/></interface>
                <interface type='vhostuser'><source path='/s'/><target dev='vhu-1'/></interface>
                <interface type='hostdev'><source/></interface>
                """, "").taps())
                .containsExactly("vnet0", "tap1a2b3c4d-5e", "tap9f8e7d6c-5b", "vnet1", "macvtap0");
    }
}
