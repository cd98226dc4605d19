package io.github.godwit.lab.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmNic;
import io.github.godwit.model.unit.MemorySize;
import java.io.StringReader;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class GuestDomainTest {

    private static final Path IMAGES = Path.of("/images");

    private final XPath path = XPathFactory.newInstance().newXPath();

    private static Document domain(VmDefinition vm) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(new GuestDomain(vm, IMAGES).xml())));
    }

    private static VmDefinition vm(Accelerator accelerator, int ring) {
        return new VmDefinition(
                "db", MemorySize.ofMebibytes(512), 4, "guest.elf", "touched=256 note=a<b&'c'", accelerator, ring);
    }

    private String text(Document document, String where) throws Exception {
        return path.evaluate(where, document);
    }

    @Test
    void aGuestUnderKvmHasItsKernelAndItsSocketsAtTheSamePlaceOnEveryHost() throws Exception {
        Document xml = domain(vm(Accelerator.KVM, 4096));

        assertThat(text(xml, "/domain/@type")).isEqualTo("kvm");
        assertThat(text(xml, "/domain/memory[@unit='b']")).isEqualTo("536870912");
        assertThat(text(xml, "/domain/vcpu")).isEqualTo("4");
        assertThat(text(xml, "/domain/os/kernel")).isEqualTo("/images/guest.elf");
        assertThat(text(xml, "/domain/os/cmdline")).isEqualTo("touched=256 note=a<b&'c'");
        assertThat(text(xml, "/domain/features/kvm/dirty-ring/@size")).isEqualTo("4096");
        assertThat(text(xml, "/domain/clock/timer[@name='pit']/@tickpolicy")).isEqualTo("discard");
        assertThat(text(xml, "//serial[target/@type='isa-serial']/source[@mode='bind']/@path"))
                .isEqualTo("/var/lib/libvirt/guests/db/console.sock");
        assertThat(text(xml, "//serial[target/model/@name='isa-debugcon'][address/@iobase='0xe9']/source/@path"))
                .isEqualTo("/var/lib/libvirt/guests/db/heartbeat.sock");
        assertThat(text(xml, "count(//interface)")).isEqualTo("0");
    }

    @Test
    void aGuestUnderTcgHasNoRing() throws Exception {
        Document xml = domain(vm(Accelerator.TCG, 0));

        assertThat(text(xml, "/domain/@type")).isEqualTo("qemu");
        assertThat(text(xml, "count(//dirty-ring)")).isEqualTo("0");
    }

    @Test
    void aLinuxGuestHasItsRamDiskAndItsNetwork() throws Exception {
        Document xml = domain(new VmDefinition(
                "web",
                MemorySize.ofMebibytes(256),
                1,
                "vmlinuz",
                "quiet",
                Accelerator.TCG,
                0,
                0,
                new VmNic("52:54:00:00:00:0a", "br0"),
                "nginx.cpio",
                "pc-i440fx-7.2"));

        assertThat(text(xml, "/domain/os/type/@machine")).isEqualTo("pc-i440fx-7.2");
        assertThat(text(xml, "/domain/os/initrd")).isEqualTo("/images/nginx.cpio");
        assertThat(text(xml, "//interface[@type='bridge']/source/@bridge")).isEqualTo("br0");
        assertThat(text(xml, "//interface/mac/@address")).isEqualTo("52:54:00:00:00:0a");
    }
}
