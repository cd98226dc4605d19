package io.github.godwit.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

class DomainXmlTest {

    private static final String XML = """
            <domain type='kvm' id='7'>
              <name>instance-00000007</name>
              <uuid>0793895c-c6ba-45a8-bfa6-702f1057d822</uuid>
              <memory unit='KiB'>262400</memory>
              <currentMemory unit='KiB'>262144</currentMemory>
              <vcpu placement='static'>2</vcpu>
              %s
            </domain>
            """;

    @Test
    void aDomainIsNamedByItsUuidAndHasWholeMebibytes() throws Exception {
        VmDefinition vm = DomainXml.read(XML.formatted(""));
        assertThat(vm.name()).isEqualTo("0793895c-c6ba-45a8-bfa6-702f1057d822");
        assertThat(vm.memory()).isEqualTo(MemorySize.ofMebibytes(256));
        assertThat(vm.vcpus()).isEqualTo(2);
        assertThat(vm.accelerator()).isEqualTo(Accelerator.KVM);
        assertThat(vm.dirtyRingSize()).isZero();
    }

    @Test
    void whereNoNovaIsItHasItsOwnNameIfThatIsOneOfAVm() throws Exception {
        assertThat(DomainXml.read(XML.formatted(""), true).name()).isEqualTo("instance-00000007");
        assertThat(DomainXml.read(XML.formatted("").replace("instance-00000007", "my domain"), true)
                        .name())
                .isEqualTo("0793895c-c6ba-45a8-bfa6-702f1057d822");
    }

    @Test
    void theCommandLineOfAKernelIsRead() throws Exception {
        String os = "<os><kernel>/guest.elf</kernel><cmdline>touched=64 ws=8</cmdline></os>";
        assertThat(DomainXml.read(XML.formatted(os)).kernelArguments()).isEqualTo("touched=64 ws=8");
        assertThat(DomainXml.read(XML.formatted("")).kernelArguments()).isEmpty();
    }

    @Test
    void theDirtyRingIsRead() throws Exception {
        String ring = "<features><kvm><dirty-ring state='on' size='4096'/></kvm></features>";
        assertThat(DomainXml.read(XML.formatted(ring)).dirtyRingSize()).isEqualTo(4096);
    }

    @Test
    void theProjectOfTheServerIsInNovasMetadata() throws Exception {
        String metadata = """
                <metadata>
                  <nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
                    <nova:owner>
                      <nova:user uuid="a1">demo</nova:user>
                      <nova:project uuid="9c0d3e1f5b6a4c7e8d9f0a1b2c3d4e5f">demo</nova:project>
                    </nova:owner>
                  </nova:instance>
                </metadata>""";
        assertThat(DomainXml.project(XML.formatted(metadata))).contains("9c0d3e1f5b6a4c7e8d9f0a1b2c3d4e5f");
        assertThat(DomainXml.project(XML.formatted(""))).isEmpty();
    }

    @Test
    void invalidXmlIsRefused() {
        assertThatThrownBy(() -> DomainXml.read("<domain")).isInstanceOf(LibvirtException.class);
        assertThatThrownBy(() -> DomainXml.read(XML.formatted("").replace("262400", "much")))
                .hasMessageContaining("Cannot read a domain's XML");
        assertThatThrownBy(() ->
                        DomainXml.read("<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><domain>&e;</domain>"))
                .hasMessageContaining("DOCTYPE");
    }
}
