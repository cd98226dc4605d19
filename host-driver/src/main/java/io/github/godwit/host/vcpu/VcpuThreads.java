package io.github.godwit.host.vcpu;

import io.github.godwit.model.proxy.VcpuTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The vCPU threads of a QEMU process by their names, which QEMU gives them with {@code debug-threads=on}, as libvirt has it. */
public final class VcpuThreads {

    /** {@code CPU 0/KVM}, {@code CPU 0/TCG}, {@code ALL CPUs/TCG}. */
    private static final Pattern VCPU = Pattern.compile("(CPU \\d+|ALL CPUs)/(KVM|TCG)");

    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int GUEST_TIME = 40;

    /** The kernel's USER_HZ, the same on every architecture that runs KVM. */
    private static final double TICKS_PER_SECOND = 100;

    private static final double NANOS_PER_SECOND = 1e9;

    private VcpuThreads() {}

    /**
     * Thread ids of the vCPUs; empty if no thread has such a name.
     *
     * @param process the directory of the process in procfs, for example {@code /proc/7}
     * @throws IOException if the process has ended
     */
    public static List<Long> of(Path process) throws IOException {
        List<Long> threads = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                if (VCPU.matcher(Files.readString(task.resolve("comm")).strip()).matches()) {
                    threads.add(Long.parseLong(task.getFileName().toString()));
                }
            }
        }
        return threads;
    }

    /**
     * CPU time of the vCPUs since the start of the process.
     *
     * @param process the directory of the process in procfs
     * @throws IOException if the process has ended or has no vCPU threads
     */
    public static VcpuTime time(Path process) throws IOException {
        List<Long> threads = of(process);
        if (threads.isEmpty()) {
            throw new IOException("No thread of %s has the name of a vCPU.".formatted(process));
        }
        VcpuTime sum = VcpuTime.NONE;
        for (long thread : threads) {
            sum = sum.plus(ofThread(process.resolve("task").resolve(Long.toString(thread))));
        }
        return sum;
    }

    private static VcpuTime ofThread(Path thread) throws IOException {
        String text = read(thread.resolve("stat"));
        // The name in parentheses may contain blanks and parentheses.
        String[] fields = text.substring(text.lastIndexOf(')') + 1).trim().split(" ", -1);
        double guest = Long.parseLong(fields[GUEST_TIME]) / TICKS_PER_SECOND;
        Path account = thread.resolve("schedstat");
        if (!Files.exists(account)) {
            double run = (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
            return new VcpuTime(run, 0, guest);
        }
        String[] figures = read(account).strip().split(" ", -1);
        return new VcpuTime(
                Long.parseLong(figures[0]) / NANOS_PER_SECOND, Long.parseLong(figures[1]) / NANOS_PER_SECOND, guest);
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException("The process or thread at %s has ended.".formatted(file.getParent()), e);
        }
    }
}
