package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When pages are sent without copying them. */
class ZeroCopySendTest {

    private static final Bandwidth FAST = Bandwidth.parse("25gbit");
    private static final ZeroCopySend FROM_25 = new ZeroCopySend(FAST);
    private static final HostCapabilities HOST = host("10.0", null);

    private static HostCapabilities host(String qemu, String libvirt) {
        return new HostCapabilities(
                "h1", Version.parse(qemu), libvirt == null ? null : Version.parse(libvirt), Map.of());
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void onlyPlainMultifdSendsWithoutCopies(Technique technique) {
        assertThat(FROM_25.suits(technique, FAST, HOST, HOST)).isEqualTo(technique == Technique.MULTIFD);

        MigrationTuning tuning = MigrationTuning.DEFAULT.withZeroCopy(true);
        assertThat(QemuSettings.of(Technique.MULTIFD, tuning).capabilities()).contains("zero-copy-send");
        assertThat(QemuSettings.of(Technique.ZLIB, tuning).capabilities()).doesNotContain("zero-copy-send");
        assertThat(LibvirtSettings.of(Technique.MULTIFD, Version.parse("11.3"), tuning)
                        .flags())
                .contains("VIR_MIGRATE_ZEROCOPY");
        assertThat(LibvirtSettings.of(Technique.ZLIB, Version.parse("11.3"), tuning)
                        .flags())
                .doesNotContain("VIR_MIGRATE_ZEROCOPY");
    }

    @Test
    void itNeedsAFastLinkAndIsOffUnlessTheOperatorNamesOne() {
        assertThat(FROM_25.suits(Technique.MULTIFD, Bandwidth.parse("10gbit"), HOST, HOST))
                .isFalse();
        assertThat(ZeroCopySend.NEVER.suits(Technique.MULTIFD, Bandwidth.parse("400gbit"), HOST, HOST))
                .isFalse();
        assertThatThrownBy(() -> new ZeroCopySend(Bandwidth.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bothHostsMustHaveIt() {
        HostCapabilities old = host("7.0", null);
        assertThat(FROM_25.suits(Technique.MULTIFD, FAST, old, HOST)).isFalse();
        assertThat(FROM_25.suits(Technique.MULTIFD, FAST, HOST, old)).isFalse();
        assertThat(FROM_25.suits(Technique.MULTIFD, FAST, host("10.0", "8.4"), host("10.0", "8.5")))
                .isFalse();
        assertThat(FROM_25.suits(Technique.MULTIFD, FAST, host("10.0", "8.5"), host("10.0", "8.5")))
                .isTrue();
    }

    @Test
    void encryptedPagesAreCopied() {
        HostCapabilities encrypting = HOST.under(Map.of(), new MigrationLimits(null, null, 0, true));
        assertThat(FROM_25.suits(Technique.MULTIFD, FAST, encrypting, HOST)).isFalse();
    }
}
