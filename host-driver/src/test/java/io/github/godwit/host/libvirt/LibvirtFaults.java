package io.github.godwit.host.libvirt;

/** The errors of libvirt, for tests of what they lead to. */
public final class LibvirtFaults {

    private LibvirtFaults() {}

    /** VIR_ERR_NO_DOMAIN: the domain has ended, or has left this host. */
    public static LibvirtException domainGone() {
        return new LibvirtException("Cannot find the domain: Domain not found.");
    }

    /** VIR_ERR_OPERATION_INVALID: a migration in post-copy cannot be aborted. */
    public static LibvirtException abortRefused() {
        return new LibvirtException("Cannot abort the job: Requested operation is not valid: "
                + "cannot abort migration in post-copy mode.");
    }
}
