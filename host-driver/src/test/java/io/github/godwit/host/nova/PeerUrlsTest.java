package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets the token. */
class PeerUrlsTest {

    private static final String TEMPLATE = "http://{host}.mgmt:9622";

    private final PeerUrls open = new PeerUrls(TEMPLATE, Set.of());
    private final PeerUrls listed = new PeerUrls(TEMPLATE, Set.of("compute2", "10.0.0.3"));

    @Test
    void theNameOfAHostFillsTheTemplate() {
        assertThat(open.of("compute2")).isEqualTo(URI.create("http://compute2.mgmt:9622"));
        assertThatThrownBy(() -> new PeerUrls("http://h2:9622", Set.of())).hasMessageContaining("needs {host}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil:80/x?", "user@evil", "evil/", "evil#", "", "-c", "a b", "[::1]"})
    void whatIsNoHostNameCannotChangeWhereTheTokenGoes(String name) {
        assertThatThrownBy(() -> open.of(name)).hasMessageContaining("is not the name of a host");
    }

    @Test
    void wherePeersAreListedNobodyElseGetsTheToken() {
        assertThat(listed.of("compute2")).isEqualTo(URI.create("http://compute2.mgmt:9622"));
        assertThatThrownBy(() -> listed.of("compute9")).hasMessageContaining("Name its host with --peer");
        assertThatThrownBy(() -> listed.check(URI.create("http://evil:9622"))).hasMessageContaining("--peer");
        assertThatThrownBy(() -> listed.check(URI.create("http://compute2.mgmt:80")))
                .hasMessageContaining("--peer");
        for (String url : new String[] {"http://10.0.0.3:9622", "http://compute2.mgmt:9622"}) {
            assertThatCode(() -> listed.check(URI.create(url))).doesNotThrowAnyException();
        }
        assertThatCode(() -> open.check(URI.create("http://anybody:1"))).doesNotThrowAnyException();
    }
}
