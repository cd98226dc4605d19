package io.github.godwit.common.tls;

import io.github.godwit.common.SecretFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM files (RFC 7468). */
final class PemFile {

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private PemFile() {}

    /**
     * Reads certificates.
     *
     * @throws IOException              if the file cannot be read
     * @throws IllegalArgumentException if it has none, or one that cannot be read
     */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(text(file));
        while (block.find()) {
            if (block.group(1).equals(CERTIFICATE)) {
                found.add(certificate(file, bytes(file, block.group(2))));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s has no certificate in PEM (-----BEGIN CERTIFICATE-----).".formatted(file));
        }
        return found;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            throw new IOException("There is no file %s.".formatted(file), e);
        } catch (IOException e) {
            throw new IOException("%s cannot be read: %s".formatted(file, e), e);
        }
    }

    private static X509Certificate certificate(Path file, byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("A certificate in %s cannot be read: %s".formatted(file, e), e);
        }
    }

    /**
     * Reads a private key.
     *
     * @param algorithm {@code RSA} or {@code EC}
     * @throws IOException              if the file cannot be read
     * @throws IllegalArgumentException if others may read it, or it has no such key
     */
    static PrivateKey key(Path file, String algorithm) throws IOException {
        Matcher block = BLOCK.matcher(SecretFile.read("private key", file));
        String other = null;
        while (block.find()) {
            if (block.group(1).equals(PRIVATE_KEY)) {
                return key(file, algorithm, bytes(file, block.group(2)));
            }
            if (block.group(1).endsWith(PRIVATE_KEY)) {
                other = block.group(1);
            }
        }
        throw new IllegalArgumentException(
                other == null
                        ? "%s has no private key in PEM (-----BEGIN PRIVATE KEY-----).".formatted(file)
                        : "%s has an %s. Convert it to plain PKCS#8: openssl pkcs8 -topk8 -nocrypt -in %s -out FILE"
                                .formatted(file, other, file));
    }

    private static PrivateKey key(Path file, String algorithm, byte[] der) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The private key in %s is no %s key, as its certificate needs.".formatted(file, algorithm), e);
        }
    }

    private static byte[] bytes(Path file, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s is no PEM: %s".formatted(file, e.getMessage()), e);
        }
    }
}
