package io.github.godwit.host.cli;

import io.github.godwit.common.cli.TlsOptions;
import io.github.godwit.host.access.AccessFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that say who may call this host driver. */
final class AccessOptions {

    @ArgGroup(
            exclusive = false,
            heading =
                    "%nWith these the host driver speaks HTTPS, and its clients need a certificate too; so does it as a client of others:%n")
    private TlsOptions tls = new TlsOptions();

    @Option(
            names = "--tls-service-name",
            paramLabel = "NAME",
            defaultValue = AccessFiles.SERVICE,
            description =
                    "Name in the subject alternative name of the service's certificate; may be repeated. Other certificates are those of"
                            + " peers, which may call only what the source of a migration needs.")
    private Set<String> services = new TreeSet<>();

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with a token that opens every route, readable by nobody else. Clients with a certificate need none.")
    private Path token;

    @Option(
            names = "--plain-http",
            description =
                    "Speak HTTP, with the token, also on other addresses than those of loopback: whoever can listen on that network gets the"
                            + " token, and can migrate VMs by it. Without it a certificate is required there.")
    private boolean plain;

    AccessFiles files() {
        return new AccessFiles(
                Optional.ofNullable(token).filter(file -> !file.toString().isEmpty()), tls.files(), services, plain);
    }
}
