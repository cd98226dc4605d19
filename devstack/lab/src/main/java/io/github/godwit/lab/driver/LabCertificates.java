package io.github.godwit.lab.driver;

import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LabIntermediary;
import io.github.godwit.lab.system.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The certificates of a lab: one of an authority, and one that it has signed for each host, each intermediary and the service. Its key is deleted as soon
 * as they are made. Only the owner of the directory may read it.
 */
public final class LabCertificates {

    /** Name of the service, as host drivers know it. */
    private static final String SERVICE = "godwit-strategy";

    private static final String DAYS = "365";
    private static final List<String> NEW_KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS);

    private final Path directory;

    /** The certificates of the lab with this name. */
    public LabCertificates(LabName name) {
        this.directory = name.stateDirectory().resolve("tls");
    }

    /** The certificate of a host. */
    public TlsFiles of(LabHost host) {
        return files(host.name());
    }

    /** The certificate of the Redis of an intermediary. */
    TlsFiles of(LabIntermediary intermediary) {
        return files(intermediary.name());
    }

    /** The certificate of the service, which host drivers let do everything. */
    public TlsFiles service() {
        return files(SERVICE);
    }

    private TlsFiles files(String name) {
        return new TlsFiles(directory.resolve(name + ".pem"), directory.resolve(name + ".key"), authority());
    }

    private Path authority() {
        return directory.resolve("ca.pem");
    }

    /** The options by which a program is given its certificate. */
    static List<String> options(TlsFiles files) {
        return List.of(
                "--tls-certificate",
                files.certificate().toString(),
                "--tls-key",
                files.key().toString(),
                "--tls-ca",
                files.authority().toString());
    }

    /**
     * Makes them.
     *
     * @param hosts          the hosts
     * @param intermediaries the intermediaries
     * @param commands runs {@code openssl}, which creates keys that only their owner may read
     * @throws LabException if one cannot be made
     */
    public void make(List<LabHost> hosts, List<LabIntermediary> intermediaries, CommandRunner commands) {
        Path key = directory.resolve("ca.key");
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            List<String> authority = new ArrayList<>(List.of("openssl", "req", "-x509", "-subj", "/CN=Godwit lab"));
            authority.addAll(NEW_KEY);
            authority.addAll(
                    List.of("-keyout", key.toString(), "-out", authority().toString()));
            commands.run(authority);
            for (LabHost host : hosts) {
                commands.run(issue(key, host.name(), "DNS:%s,IP:%s".formatted(host.name(), host.address())));
            }
            for (LabIntermediary intermediary : intermediaries) {
                commands.run(issue(key, intermediary.name(), "IP:" + intermediary.address()));
            }
            commands.run(issue(key, SERVICE, "DNS:" + SERVICE));
            Files.delete(key);
        } catch (IOException e) {
            throw new LabException("The certificates cannot be made in %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private List<String> issue(Path key, String name, String names) {
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-subj", "/CN=" + name));
        command.addAll(List.of("-CA", authority().toString(), "-CAkey", key.toString()));
        command.addAll(NEW_KEY);
        command.addAll(List.of("-addext", "basicConstraints=CA:FALSE", "-addext", "subjectAltName=" + names));
        TlsFiles files = files(name);
        command.addAll(List.of(
                "-keyout", files.key().toString(), "-out", files.certificate().toString()));
        return command;
    }
}
