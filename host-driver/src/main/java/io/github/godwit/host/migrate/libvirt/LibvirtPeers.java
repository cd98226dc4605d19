package io.github.godwit.host.migrate.libvirt;

import io.github.godwit.common.ListenAddress;

/**
 * The libvirt of other hosts, as the libvirt of this host connects to them.
 *
 * @param template a URI of libvirt with {@code {host}} in place of a host's name, or {@code {address}} in place of the address at which it
 *                 receives migrations
 */
public record LibvirtPeers(String template) {

    private static final String HOST = "{host}";
    private static final String ADDRESS = "{address}";

    /**
     * Checks the template.
     *
     * @throws IllegalArgumentException if it names no host
     */
    public LibvirtPeers {
        if (!template.contains(HOST) && !template.contains(ADDRESS)) {
            throw new IllegalArgumentException(
                    "The --libvirt-peers URI '%s' needs {host} in place of the host's name, or {address}, for example qemu+ssh://{host}/system."
                            .formatted(template));
        }
    }

    /** The URI of the libvirt of a host. */
    String of(String host, String address) {
        return template.replace(HOST, host).replace(ADDRESS, ListenAddress.inUrl(address));
    }
}
