package io.github.godwit.host.load;

import io.github.godwit.hostapi.HostStatus.HugePages;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the pools of huge pages from sysfs (Documentation/admin-guide/mm/hugetlbpage.rst in Linux). */
final class HugePagePools {

    private static final Pattern POOL = Pattern.compile("hugepages-(\\d+)kB");

    private HugePagePools() {}

    /**
     * The pools that have pages, smallest pages first. A free page that the kernel has promised to somebody is not free.
     *
     * @param sysfs the mount point of sysfs, {@code /sys}
     */
    static List<HugePages> read(Path sysfs) {
        List<HugePages> pools = new ArrayList<>();
        try (DirectoryStream<Path> directories =
                Files.newDirectoryStream(sysfs.resolve("kernel/mm/hugepages"), "hugepages-*kB")) {
            for (Path directory : directories) {
                Matcher name = POOL.matcher(directory.getFileName().toString());
                long total = number(directory.resolve("nr_hugepages"));
                if (name.matches() && total > 0) {
                    long free =
                            number(directory.resolve("free_hugepages")) - number(directory.resolve("resv_hugepages"));
                    pools.add(new HugePages(
                            new MemorySize(Long.parseLong(name.group(1)) * 1024), total, Math.max(0, free)));
                }
            }
        } catch (IOException e) {
            // A kernel without huge pages.
            return List.of();
        }
        pools.sort(Comparator.comparingLong(pool -> pool.size().bytes()));
        return pools;
    }

    private static long number(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
