package io.github.godwit.host.libvirt;

import io.github.godwit.model.technique.ReleaseRule;
import io.github.godwit.model.technique.ServerTrait;
import io.github.godwit.model.unit.Version;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * What the XML of an active domain shows about its migration: devices and memory that rule techniques out, its disks in files, and the
 * interfaces of this host that carry its traffic. Pure.
 *
 * @param traits what was found, with a detail each
 * @param disks  disks in files that a migration without shared storage copies
 * @param taps   taps and macvtaps; a device of the host that the VM drives itself has none, and libvirt has no figures about it
 */
record DomainDevices(Map<ServerTrait, String> traits, List<FileDisk> disks, List<String> taps) {

    private static final long GIBIBYTE = 1L << 30;

    /**
     * A disk in a file.
     *
     * @param target its name in the guest, such as vda
     * @param file   path of the file
     * @param format its format, such as qcow2 or raw
     */
    record FileDisk(String target, String file, String format) {}

    /** Devices that are not those of the host, or that QEMU unplugs and plugs again around a migration. */
    private static final Set<String> EMULATED_HOST_DEVICES = Set.of("usb");

    /**
     * Reads a domain.
     *
     * @param xml     XML of an active domain
     * @param libvirt version of the libvirt that migrates it
     * @throws LibvirtException if it is not XML
     */
    static DomainDevices read(String xml, Version libvirt) throws LibvirtException {
        return new Reading(DomainXml.parse(xml), libvirt).read();
    }

    /** Collects what one document shows. */
    private static final class Reading {
        private final Element domain;
        private final Version libvirt;
        private final Map<ServerTrait, String> traits = new EnumMap<>(ServerTrait.class);
        private final List<FileDisk> disks = new ArrayList<>();
        private final List<String> taps = new ArrayList<>();

        Reading(Document document, Version libvirt) {
            this.domain = document.getDocumentElement();
            this.libvirt = libvirt;
        }

        DomainDevices read() {
            for (Element devices : children(domain, "devices")) {
                children(devices, "hostdev").forEach(this::hostDevice);
                children(devices, "interface").forEach(this::networkInterface);
                children(devices, "disk").forEach(this::disk);
                children(devices, "filesystem").forEach(this::fileSystem);
                children(devices, "shmem").forEach(this::sharedMemory);
                children(devices, "tpm").forEach(this::tpm);
                children(devices, "memory").forEach(this::memoryDevice);
            }
            children(domain, "launchSecurity")
                    .forEach(each -> traits.put(ServerTrait.ENCRYPTED_MEMORY, each.getAttribute("type")));
            children(domain, "memoryBacking").forEach(this::memoryBacking);
            processor();
            return new DomainDevices(traits, disks, taps);
        }

        private void hostDevice(Element device) {
            if (!EMULATED_HOST_DEVICES.contains(device.getAttribute("type")) && !isUnplugged(device)) {
                traits.putIfAbsent(ServerTrait.HOST_DEVICE, "hostdev " + device.getAttribute("type"));
            }
        }

        /** A device with this teaming is unplugged for the migration, and its partner stays. */
        private static boolean isUnplugged(Element device) {
            return children(device, "teaming").stream()
                    .anyMatch(each -> each.getAttribute("type").equals("transient"));
        }

        private void networkInterface(Element device) {
            String type = device.getAttribute("type");
            switch (type) {
                case "hostdev" -> {
                    if (!isUnplugged(device)) {
                        traits.putIfAbsent(ServerTrait.HOST_DEVICE, "interface hostdev");
                    }
                }
                case "vdpa" -> traits.putIfAbsent(ServerTrait.HOST_DEVICE, "interface vdpa");
                case "vhostuser" -> traits.putIfAbsent(ServerTrait.VHOST_USER, "interface vhostuser");
                default -> {
                    String tap = child(device, "target", "dev");
                    if (!tap.isEmpty()) {
                        taps.add(tap);
                    }
                }
            }
        }

        private void disk(Element disk) {
            String type = disk.getAttribute("type");
            String target = child(disk, "target", "dev");
            switch (type) {
                case "vhostuser" -> traits.putIfAbsent(ServerTrait.VHOST_USER, "disk " + target);
                case "vhostvdpa" -> traits.putIfAbsent(ServerTrait.HOST_DEVICE, "disk " + target);
                default -> {}
            }
            if (has(disk, "transient")) {
                traits.putIfAbsent(ServerTrait.TRANSIENT_DISK, target);
            }
            String file = child(disk, "source", "file");
            boolean guests = Set.of("disk", "").contains(disk.getAttribute("device"));
            if (type.equals("file") && guests && !file.isEmpty() && !has(disk, "readonly") && !has(disk, "shareable")) {
                disks.add(new FileDisk(target, file, child(disk, "driver", "type")));
            }
        }

        private void fileSystem(Element fileSystem) {
            String target = child(fileSystem, "target", "dir");
            if (!child(fileSystem, "driver", "type").equals("virtiofs")) {
                traits.putIfAbsent(ServerTrait.HOST_DIRECTORY, target);
            } else if (!ReleaseRule.LIBVIRT_MIGRATES_VIRTIOFS.holdsFor(libvirt)) {
                traits.putIfAbsent(ServerTrait.VIRTIOFS_OF_OLD_LIBVIRT, target);
            } else {
                traits.putIfAbsent(ServerTrait.VIRTIOFS, target);
            }
        }

        private void sharedMemory(Element memory) {
            if (!memory.getAttribute("role").equals("master")) {
                traits.putIfAbsent(ServerTrait.SHARED_MEMORY_DEVICE, memory.getAttribute("name"));
            }
        }

        private void tpm(Element tpm) {
            if (child(tpm, "backend", "type").equals("passthrough")) {
                traits.put(ServerTrait.HOST_TPM, "");
            }
        }

        private void memoryDevice(Element memory) {
            String model = memory.getAttribute("model");
            if (model.equals("nvdimm") || model.equals("virtio-pmem")) {
                traits.putIfAbsent(ServerTrait.PERSISTENT_MEMORY, "memory " + model);
            }
        }

        private void memoryBacking(Element backing) {
            boolean huge = has(backing, "hugepages");
            if (child(backing, "source", "type").equals("file") && !huge) {
                traits.put(ServerTrait.FILE_MEMORY, "memoryBacking source file");
            }
            for (Element pages : children(backing, "hugepages")) {
                for (Element page : children(pages, "page")) {
                    if (bytes(page.getAttribute("size"), page.getAttribute("unit")) >= GIBIBYTE) {
                        traits.put(ServerTrait.GIGANTIC_PAGES, "");
                    }
                }
            }
        }

        private void processor() {
            boolean invariant = children(domain, "cpu").stream()
                    .flatMap(cpu -> children(cpu, "feature").stream())
                    .anyMatch(feature -> feature.getAttribute("name").equals("invtsc")
                            && Set.of("require", "force").contains(feature.getAttribute("policy")));
            boolean fixed = children(domain, "clock").stream()
                    .flatMap(clock -> children(clock, "timer").stream())
                    .anyMatch(timer -> timer.getAttribute("name").equals("tsc")
                            && !timer.getAttribute("frequency").isEmpty());
            if (invariant && !fixed) {
                traits.put(ServerTrait.INVARIANT_TSC, "");
            }
        }

        /** libvirt's sizes are in KiB unless they have a unit. */
        private static long bytes(String size, String unit) {
            if (!size.matches("\\d{1,15}")) {
                return 0;
            }
            int shift = switch (unit.toUpperCase(Locale.ROOT)) {
                case "B", "BYTES" -> 0;
                case "M", "MIB" -> 20;
                case "G", "GIB" -> 30;
                case "T", "TIB" -> 40;
                default -> 10;
            };
            return Long.parseLong(size) << shift;
        }
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    private static boolean has(Element parent, String name) {
        return !children(parent, name).isEmpty();
    }

    /** An attribute of the first child of this name; empty without one. */
    private static String child(Element parent, String name, String attribute) {
        return children(parent, name).stream()
                .findFirst()
                .map(element -> element.getAttribute(attribute))
                .orElse("");
    }
}
