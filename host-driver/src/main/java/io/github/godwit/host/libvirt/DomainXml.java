package io.github.godwit.host.libvirt;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads the definition of a VM from the XML of its domain. */
final class DomainXml {

    /** Placeholder for the image: libvirt starts the domain, so Godwit needs none. */
    private static final String IMAGE = "libvirt";

    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    private DomainXml() {}

    /**
     * The definition of the VM, with the domain's UUID as its name.
     *
     * @throws LibvirtException if the XML is not that of a domain
     */
    static VmDefinition read(String xml) throws LibvirtException {
        return read(xml, false);
    }

    /**
     * The definition of the VM.
     *
     * @param named whether it is named as the domain, if that is the name of a VM; otherwise by the domain's UUID
     * @throws LibvirtException if the XML is not that of a domain
     */
    static VmDefinition read(String xml, boolean named) throws LibvirtException {
        try {
            Document document = parse(xml);
            XPath path = XPathFactory.newInstance().newXPath();
            boolean kvm = path.evaluate("/domain/@type", document).equals("kvm");
            boolean ring = path.evaluate("/domain/features/kvm/dirty-ring/@state", document)
                    .equals("on");
            String name = path.evaluate("/domain/name", document).trim();
            return new VmDefinition(
                    named && VmDefinition.isName(name)
                            ? name
                            : path.evaluate("/domain/uuid", document).trim(),
                    // libvirt prints KiB, and gives QEMU whole MiB.
                    new MemorySize(number(path, document, "/domain/memory") / KIB * MIB),
                    (int) number(path, document, "/domain/vcpu"),
                    IMAGE,
                    path.evaluate("/domain/os/cmdline", document).trim(),
                    kvm ? Accelerator.KVM : Accelerator.TCG,
                    kvm && ring ? (int) number(path, document, "/domain/features/kvm/dirty-ring/@size") : 0);
        } catch (XPathExpressionException | IllegalArgumentException e) {
            throw new LibvirtException("Cannot read a domain's XML: " + e.getMessage());
        }
    }

    /**
     * Parses XML of libvirt, without anything from outside of it.
     *
     * @throws LibvirtException if it is not XML
     */
    static Document parse(String xml) throws LibvirtException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new LibvirtException("Cannot read a domain's XML: " + e.getMessage());
        }
    }

    /**
     * The UUID of the server's project, which Nova writes into the domain's metadata ({@code nova:project}); empty for a domain of others.
     *
     * @throws LibvirtException if the XML is not that of a domain
     */
    static Optional<String> project(String xml) throws LibvirtException {
        try {
            String uuid = XPathFactory.newInstance()
                    .newXPath()
                    .evaluate("/domain/metadata//*[name()='nova:project']/@uuid", parse(xml));
            return uuid.isBlank() ? Optional.empty() : Optional.of(uuid.trim());
        } catch (XPathExpressionException e) {
            throw new LibvirtException("Cannot read a domain's metadata: " + e.getMessage());
        }
    }

    private static long number(XPath path, Document document, String where) throws XPathExpressionException {
        return Long.parseLong(path.evaluate(where, document).trim());
    }
}
