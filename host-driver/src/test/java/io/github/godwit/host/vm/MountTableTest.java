package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountTableTest {

    private static final MountTable HOST = new MountTable(List.of(
            "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
            "30 22 0:40 / /var/lib/nova/instances rw,relatime shared:9 - nfs4 filer:/nova rw,vers=4.2",
            "31 22 0:41 / /srv/xfs rw - xfs /dev/sdb rw",
            "32 31 0:42 / /srv/xfs/ceph rw master:3 - ceph 10.0.0.1:/ rw",
            "33 22 0:43 / /mnt/with\\040space rw - fuse.glusterfs g:/v rw",
            "34 22 0:44 / /mnt/twice rw - nfs filer:/x rw",
            "35 22 0:45 / /mnt/twice rw - ext4 /dev/sdc rw",
            "damaged"));

    @ParameterizedTest
    @CsvSource({
        "/var/lib/libvirt/disk,             true",
        "/var/lib/nova/instances/u/disk,    false",
        "/var/lib/nova/instances-2/u/disk,  true",
        "/srv/xfs/u/disk,                   true",
        "/srv/xfs/ceph/u/disk,              false",
        "/srv/xfs/ceph/../u/disk,           true",
        "/mnt/with space/disk,              false",
        // the later of two mounts hides the other
        "/mnt/twice/disk,                   true",
        "relative,                          false",
    })
    void filesOnFileSystemsThatOthersSeeAreNotLocal(String file, boolean local) {
        assertThat(HOST.isLocal(Path.of(file))).isEqualTo(local);
    }

    @Test
    void theTableOfThisProcessIsRead() throws Exception {
        assertThat(MountTable.of(Path.of("/proc"), ProcessHandle.current().pid())
                        .isLocal(Path.of("/proc/self")))
                .isTrue();
    }
}
