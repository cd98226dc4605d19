package io.github.godwit.host.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.MigrationSchema;
import io.github.godwit.host.qmp.QemuRelease;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.host.vm.VmLimitsReader;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real QEMU as an unprivileged user, under whatever {@code vm.unprivileged_userfaultfd} this machine has. */
@Timeout(60)
class TechniqueProbeIT {

    /** A user id without a name and without groups. */
    private static final QemuAccount NOBODY = new QemuAccount(61_234, 61_234, QemuAccount.Grant.NO);

    private static final QemuCommandLine QEMU = new QemuCommandLine("qemu-system-x86_64");

    @BeforeAll
    static void rootOnly() {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
    }

    /** What QEMU itself says when the capability is set, without the probe. */
    private static Optional<String> refusalOfPostCopy(QemuAccount account) throws Exception {
        List<String> command = new ArrayList<>(account.command("--clear-groups"));
        command.addAll(QEMU.probe("tcg", true));
        try (QmpProcess qemu = new QmpProcess(command)) {
            JsonNode answer = qemu.execute(
                    "migrate-set-capabilities",
                    Map.of("capabilities", List.of(Map.of("capability", "postcopy-ram", "state", true))));
            assertThat(answer.isEmpty()).isTrue();
            return Optional.empty();
        } catch (QmpException e) {
            assertThat(e.refused()).as(e.getMessage()).isTrue();
            return Optional.of(e.getMessage());
        }
    }

    @Test
    void theVerdictIsThatOfQemuAsThisUser() throws Exception {
        Optional<String> refusal = refusalOfPostCopy(NOBODY);

        HostCapabilities probed = new TechniqueProbe(QEMU, Optional.of(NOBODY)).probe("h1");

        assertThat(Optional.ofNullable(probed.refused().get(Technique.POST_COPY))
                        .map(reason -> reason.split("\\. ", 2)[0]))
                .isEqualTo(refusal);
        assertThat(probed.refused()).doesNotContainKeys(Technique.PRE_COPY, Technique.MULTIFD, Technique.XBZRLE);
        if (!UserfaultfdAccess.read().permits(NOBODY)) {
            assertThat(probed.refused().get(Technique.POST_COPY))
                    .contains("Postcopy is not supported", "uid 61234", "Set vm.unprivileged_userfaultfd=1");
        }
    }

    @Test
    void withTheAccessThatLibvirtGrantsPostCopyIsPossible() throws Exception {
        QemuAccount granted = new QemuAccount(NOBODY.uid(), NOBODY.gid(), QemuAccount.Grant.YES);
        assumeTrue(UserfaultfdAccess.read().permits(granted), "this kernel has no /dev/userfaultfd");

        assertThat(refusalOfPostCopy(granted)).isEmpty();
        assertThat(new TechniqueProbe(QEMU, Optional.of(granted)).probe("h1").refused())
                .doesNotContainKey(Technique.POST_COPY);
    }

    /** Without libvirt QEMU runs as root, who may use userfaultfd. */
    @Test
    void plainQemuIsProbedAsTheUserOfTheHostDriver() throws Exception {
        assertThat(new TechniqueProbe(QEMU, Optional.empty()).probe("h1").refused())
                .doesNotContainKey(Technique.POST_COPY);
    }

    /** The facts about the releases are true for the QEMU that is here, whatever it was built with. */
    @Test
    void theSchemaOfTheInstalledQemuIsThatOfItsRelease() throws Exception {
        try (QmpProcess qemu = new QmpProcess(QEMU.probe("tcg", false))) {
            Version version = VmLimitsReader.version(qemu.execute("query-version"));
            MigrationSchema schema = MigrationSchema.read(qemu);
            Optional<QemuRelease> release = QemuRelease.all().stream()
                    .filter(each -> each.version().major() == version.major()
                            && each.version().minor() == version.minor())
                    .findAny();
            assumeTrue(release.isPresent(), () -> "there are no facts about QEMU " + version);

            assertThat(schema.capabilities())
                    .containsExactlyInAnyOrderElementsOf(release.get().of("capabilities"));
            assertThat(schema.parameters().keySet())
                    .containsExactlyInAnyOrderElementsOf(release.get().of("parameters"));
            assertThat(schema.parameters().get("multifd-compression")).contains("none", "zlib");
        }
    }

    @Test
    void whyQemuDoesNotStartIsReported() {
        assertThatThrownBy(() -> new TechniqueProbe(new QemuCommandLine("false"), Optional.empty()).probe("h1"))
                .hasMessageContaining("QEMU did not start");
    }
}
