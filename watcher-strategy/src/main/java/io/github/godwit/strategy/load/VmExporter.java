package io.github.godwit.strategy.load;

import java.util.List;
import java.util.Locale;

/** Where the series of VMs come from, which determines the default queries and labels. */
public enum VmExporter {
    /**
     * The exporters of libvirt domains: those of inovex, Tinkoff (in Kolla), kumina, zhangjianweibj and their forks. They share most names of
     * metrics, and name a domain by {@code domain}; its UUID is in {@code uuid}, {@code instanceId}, or in a metric of its own.
     */
    LIBVIRT("5m"),
    /** Ceilometer, through its own exporter or sg-core: UUIDs in {@code resource}, polled every five minutes by default. */
    CEILOMETER("15m");

    private final String range;

    VmExporter(String range) {
        this.range = range;
    }

    /** Returns its name in the configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the range of its rates by default, which contains at least two of its samples. */
    public String range() {
        return range;
    }

    /**
     * Returns the labels by which its VMs are recognized, the best first. Nova's display names ({@code instance_name},
     * {@code instanceName}, {@code resource_name}) are none: any user can give a server the name of another one.
     */
    public List<String> labels() {
        return switch (this) {
            case LIBVIRT -> List.of("uuid", "instance_id", "instanceId", "instance_uuid", "domain");
            case CEILOMETER -> List.of("resource", "resource_id");
        };
    }
}
