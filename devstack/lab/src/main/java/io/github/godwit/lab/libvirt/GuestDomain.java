package io.github.godwit.lab.libvirt;

import io.github.godwit.lab.driver.HostLibvirt;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import java.nio.file.Path;

/**
 * The domain of a VM: the same machine as a host driver without libvirt starts ({@code QemuCommandLine}), with the guest's heartbeats and its
 * console on sockets in the VM's directory. Pure.
 *
 * @param vm     the VM
 * @param images directory of the guests' kernels
 */
record GuestDomain(VmDefinition vm, Path images) {

    /** Its XML. */
    String xml() {
        boolean kvm = vm.accelerator() == Accelerator.KVM;
        StringBuilder xml = new StringBuilder();
        xml.append("<domain type='%s'>\n".formatted(kvm ? "kvm" : "qemu"));
        line(xml, "<name>%s</name>", vm.name());
        line(xml, "<memory unit='b'>%s</memory>", Long.toString(vm.memory().bytes()));
        line(xml, "<vcpu>%s</vcpu>", Integer.toString(vm.vcpus()));
        line(xml, "<os>");
        line(xml, "<type arch='x86_64' machine='%s'>hvm</type>", vm.machine() == null ? "pc" : vm.machine());
        line(xml, "<kernel>%s</kernel>", images.resolve(vm.image()).toString());
        if (vm.initrd() != null) {
            line(xml, "<initrd>%s</initrd>", images.resolve(vm.initrd()).toString());
        }
        line(xml, "<cmdline>%s</cmdline>", vm.kernelArguments());
        line(xml, "</os>");
        line(xml, "<features><acpi/>%s</features>".formatted(ring()));
        // Otherwise a guest that was paused for the switchover gets all missed ticks at once.
        line(
                xml,
                "<clock offset='utc'><timer name='pit' tickpolicy='%s'/></clock>".formatted(kvm ? "discard" : "delay"));
        line(xml, "<on_reboot>destroy</on_reboot>");
        line(xml, "<devices>");
        line(xml, "<controller type='usb' model='none'/>");
        line(xml, "<memballoon model='none'/>");
        serial(xml, "console", "isa-serial", "isa-serial", 0, "0x3f8");
        serial(xml, "heartbeat", "isa-debug", "isa-debugcon", 1, "0xe9");
        if (vm.nic() != null) {
            line(xml, "<interface type='bridge'>");
            line(xml, "<mac address='%s'/>", vm.nic().mac());
            line(xml, "<source bridge='%s'/>", vm.nic().bridge());
            line(xml, "<model type='virtio'/>");
            line(xml, "<rom enabled='no'/>");
            line(xml, "</interface>");
        }
        line(xml, "</devices>");
        line(xml, "</domain>");
        return xml.toString();
    }

    private String ring() {
        return vm.dirtyRingSize() == 0
                ? ""
                : "<kvm><dirty-ring state='on' size='%d'/></kvm>".formatted(vm.dirtyRingSize());
    }

    private void serial(StringBuilder xml, String name, String type, String model, int port, String iobase) {
        line(xml, "<serial type='unix'>");
        line(
                xml,
                "<source mode='bind' path='%s'/>",
                HostLibvirt.GUESTS.resolve(vm.name()).resolve(name + ".sock").toString());
        line(xml, "<target type='%s' port='%d'><model name='%s'/></target>".formatted(type, port, model));
        line(xml, "<address type='isa' iobase='%s'/>".formatted(iobase));
        line(xml, "</serial>");
    }

    private static void line(StringBuilder xml, String form, String... texts) {
        Object[] escaped = new Object[texts.length];
        for (int i = 0; i < texts.length; i++) {
            escaped[i] = texts[i].replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
        }
        xml.append(texts.length == 0 ? form : form.formatted(escaped)).append('\n');
    }
}
