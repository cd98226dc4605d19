package io.github.godwit.common.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Whose certificate it is: the DNS names and IP addresses of its subject alternative name (RFC 5280, section 4.2.1.6). The subject does not count. */
public final class CertificateNames {

    private static final int DNS = 2;
    private static final int IP = 7;

    private CertificateNames() {}

    /** The names, in lower case; none if the certificate has none that can be read. */
    public static Set<String> of(X509Certificate certificate) {
        Set<String> names = new TreeSet<>();
        Collection<List<?>> found;
        try {
            found = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return names;
        }
        if (found != null) {
            found.stream()
                    .filter(name -> name.get(0).equals(DNS) || name.get(0).equals(IP))
                    .forEach(name -> names.add(name.get(1).toString().toLowerCase(Locale.ROOT)));
        }
        return names;
    }

    /** The names for a log or a message; the subject if there are none. */
    public static String describe(X509Certificate certificate) {
        Set<String> names = of(certificate);
        return names.isEmpty() ? certificate.getSubjectX500Principal().getName() : String.join(", ", names);
    }
}
