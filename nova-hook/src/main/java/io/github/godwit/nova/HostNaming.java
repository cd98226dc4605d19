package io.github.godwit.nova;

/**
 * Other names for Nova's hosts. Nova names a host as its nova-compute does ({@code [DEFAULT] host}), which may be a short name where
 * others use a fully qualified one. {@link Nova} returns hosts, and is given them, by these names.
 */
public interface HostNaming {

    /** Nova's own names. */
    HostNaming OWN = new HostNaming() {
        @Override
        public String ofNova(String host) {
            return host;
        }

        @Override
        public String toNova(String host) {
            return host;
        }
    };

    /**
     * Returns the other name of a host of Nova, or its name in Nova if it has none.
     *
     * @throws OpenStackException if Nova does not answer
     */
    String ofNova(String host);

    /**
     * Returns the name in Nova of a host, or the same name if Nova has no such host.
     *
     * @throws OpenStackException if Nova does not answer
     */
    String toNova(String host);
}
