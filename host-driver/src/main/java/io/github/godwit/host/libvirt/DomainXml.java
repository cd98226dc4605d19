package io.github.godwit.host.libvirt;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads what Godwit must know of a domain from its XML. */
final class DomainXml {

    /** Stands for an image: the domain is libvirt's to start. */
    private static final String IMAGE = "libvirt";

    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    private DomainXml() {}

    /** The VM, named by its UUID. */
    static VmDefinition read(String xml) throws LibvirtException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
            XPath path = XPathFactory.newInstance().newXPath();
            boolean kvm = path.evaluate("/domain/@type", document).equals("kvm");
            boolean ring = path.evaluate("/domain/features/kvm/dirty-ring/@state", document)
                    .equals("on");
            return new VmDefinition(
                    path.evaluate("/domain/uuid", document).trim(),
                    // libvirt writes KiB there; QEMU gets whole MiB.
                    new MemorySize(number(path, document, "/domain/memory") / KIB * MIB),
                    (int) number(path, document, "/domain/vcpu"),
                    IMAGE,
                    "",
                    kvm ? Accelerator.KVM : Accelerator.TCG,
                    kvm && ring ? (int) number(path, document, "/domain/features/kvm/dirty-ring/@size") : 0);
        } catch (ParserConfigurationException
                | SAXException
                | XPathExpressionException
                | IOException
                | IllegalArgumentException e) {
            throw new LibvirtException("A domain's XML cannot be understood: " + e.getMessage());
        }
    }

    private static long number(XPath path, Document document, String where) throws XPathExpressionException {
        return Long.parseLong(path.evaluate(where, document).trim());
    }
}
