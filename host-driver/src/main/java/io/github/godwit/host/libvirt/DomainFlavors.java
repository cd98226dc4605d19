package io.github.godwit.host.libvirt;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of the flavors of Nova's servers, from the metadata that Nova writes into a domain ({@code nova:flavor}). */
public final class DomainFlavors {

    private static final Logger LOG = LoggerFactory.getLogger(DomainFlavors.class);
    private static final Pattern FLAVOR = Pattern.compile("<nova:flavor\\s[^>]*?name=([\"'])(.*?)\\1");
    private static final int MOST_KNOWN = 1_000;

    private final LibvirtConnection libvirt;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    /**
     * Creates the names without any.
     *
     * @param libvirt the connection to the daemon
     */
    public DomainFlavors(LibvirtConnection libvirt) {
        this.libvirt = libvirt;
    }

    /** The name of a server's flavor; empty if Nova did not write it, or libvirt does not answer. */
    public Optional<String> of(String uuid) {
        String flavor = known.get(uuid);
        if (flavor != null) {
            return Optional.of(flavor);
        }
        try {
            Optional<String> read = parse(libvirt.xml(uuid));
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            read.ifPresent(name -> known.put(uuid, name));
            return read;
        } catch (LibvirtException e) {
            LOG.debug("Cannot read the flavor of {}", uuid, e);
            return Optional.empty();
        }
    }

    /** The name in the XML of a domain. */
    static Optional<String> parse(String xml) {
        Matcher flavor = FLAVOR.matcher(xml);
        return flavor.find()
                ? Optional.of(flavor.group(2)
                        .replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&quot;", "\"")
                        .replace("&apos;", "'")
                        .replace("&amp;", "&"))
                : Optional.empty();
    }
}
