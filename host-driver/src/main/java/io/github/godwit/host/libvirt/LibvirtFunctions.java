package io.github.godwit.host.libvirt;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions of libvirt.so.0 that Godwit calls, with libvirt's names; libvirt's API reference describes them. Most return -1 or
 * null on an error, whose message {@link #virGetLastErrorMessage} returns on the same thread.
 */
interface LibvirtFunctions extends Library {

    /** {@code VIR_CONNECT_LIST_DOMAINS_ACTIVE}. */
    int LIST_ACTIVE = 1;

    /** {@code VIR_DOMAIN_EVENT_ID_LIFECYCLE}. */
    int EVENT_LIFECYCLE = 0;

    /** {@code VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION}, since 1.3.2. */
    int EVENT_MIGRATION_ITERATION = 20;

    /** {@code VIR_DOMAIN_EVENT_ID_JOB_COMPLETED}, since 1.3.3. */
    int EVENT_JOB_COMPLETED = 21;

    /** {@code VIR_DOMAIN_EVENT_SUSPENDED}, with detail {@link #SUSPENDED_POSTCOPY} on the source at the switch to post-copy. */
    int LIFECYCLE_SUSPENDED = 3;

    /** {@code VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED}: on the source when the vCPUs stop at the end of pre-copy. */
    int SUSPENDED_MIGRATED = 1;

    /** {@code VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY}. */
    int SUSPENDED_POSTCOPY = 7;

    /** {@code VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY}, since 5.1.0. */
    int MAX_SPEED_POSTCOPY = 1;

    /** The functions of libvirt-qemu.so.0; loaded on first use. */
    interface Qemu extends Library {
        Qemu LIBRARY = Native.load("libvirt-qemu.so.0", Qemu.class);

        int virDomainQemuMonitorCommand(Pointer domain, String command, PointerByReference result, int flags);

        int virConnectDomainQemuMonitorEventRegister(
                Pointer connection,
                Pointer domain,
                String event,
                MonitorFunction callback,
                Pointer opaque,
                Pointer free,
                int flags);

        int virConnectDomainQemuMonitorEventDeregister(Pointer connection, int callback);
    }

    /** The library; the first call throws {@link UnsatisfiedLinkError} if libvirt is not installed. */
    static LibvirtFunctions library() {
        return Loaded.LIBRARY;
    }

    /** Loads the library on first use. */
    final class Loaded {
        private static final LibvirtFunctions LIBRARY = Native.load("libvirt.so.0", LibvirtFunctions.class);

        private Loaded() {}
    }

    /** {@code virErrorFunc}. */
    interface ErrorFunction extends Callback {
        void error(Pointer data, Pointer error);
    }

    /** {@code virEventTimeoutCallback}. */
    interface TimeoutFunction extends Callback {
        void timeout(int timer, Pointer opaque);
    }

    /** {@code virConnectDomainEventCallback}. */
    interface LifecycleFunction extends Callback {
        int event(Pointer connection, Pointer domain, int event, int detail, Pointer opaque);
    }

    /** {@code virConnectDomainEventMigrationIterationCallback}. */
    interface IterationFunction extends Callback {
        void event(Pointer connection, Pointer domain, int iteration, Pointer opaque);
    }

    /** {@code virConnectDomainQemuMonitorEventCallback}; without details the last but one argument is null. */
    interface MonitorFunction extends Callback {
        void event(
                Pointer connection,
                Pointer domain,
                String event,
                long seconds,
                int micros,
                String details,
                Pointer opaque);
    }

    /** {@code virConnectDomainEventJobCompletedCallback}. */
    interface JobCompletedFunction extends Callback {
        void event(Pointer connection, Pointer domain, Pointer parameters, int count, Pointer opaque);
    }

    int virInitialize();

    void virSetErrorFunc(Pointer data, ErrorFunction function);

    String virGetLastErrorMessage();

    int virEventRegisterDefaultImpl();

    int virEventRunDefaultImpl();

    int virEventAddTimeout(int millis, TimeoutFunction function, Pointer opaque, Pointer free);

    Pointer virConnectOpen(String uri);

    int virConnectClose(Pointer connection);

    int virConnectIsAlive(Pointer connection);

    int virConnectSetKeepAlive(Pointer connection, int seconds, int count);

    int virConnectGetLibVersion(Pointer connection, LongByReference version);

    int virConnectListAllDomains(Pointer connection, PointerByReference domains, int flags);

    int virConnectDomainEventRegisterAny(
            Pointer connection, Pointer domain, int event, Callback callback, Pointer opaque, Pointer free);

    Pointer virDomainLookupByName(Pointer connection, String name);

    Pointer virDomainLookupByUUIDString(Pointer connection, String uuid);

    int virDomainGetUUIDString(Pointer domain, byte[] text);

    Pointer virDomainGetXMLDesc(Pointer domain, int flags);

    int virDomainGetState(Pointer domain, IntByReference state, IntByReference reason, int flags);

    int virDomainGetJobStats(
            Pointer domain, IntByReference type, PointerByReference parameters, IntByReference count, int flags);

    int virDomainAbortJob(Pointer domain);

    int virDomainIsPersistent(Pointer domain);

    int virDomainMigrateToURI3(Pointer domain, String destination, Pointer parameters, int count, int flags);

    int virDomainMigrateStartPostCopy(Pointer domain, int flags);

    int virDomainMigrateGetMaxDowntime(Pointer domain, LongByReference millis, int flags);

    int virDomainMigrateSetMaxDowntime(Pointer domain, long millis, int flags);

    int virDomainMigrateGetMaxSpeed(Pointer domain, NativeLongByReference mebibytes, int flags);

    int virDomainMigrateSetMaxSpeed(Pointer domain, NativeLong mebibytes, int flags);

    Pointer virConnectGetCapabilities(Pointer connection);

    int virDomainGetBlockInfo(Pointer domain, String disk, Pointer info, int flags);

    int virDomainFree(Pointer domain);

    void virTypedParamsFree(Pointer parameters, int count);
}
