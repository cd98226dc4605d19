package io.github.godwit.strategy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.FakeServer;
import io.github.godwit.nova.FakeOpenStack;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.ServiceRefusal.Kind;
import io.github.godwit.strategy.rest.Guard.Credentials;
import io.github.godwit.strategy.rest.Unauthenticated;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers are answered when Keystone fails; {@code KeystoneIT} uses a real Keystone, which does not fail on demand. */
@Timeout(30)
class KeystoneGuardTest {

    private static final String PATH = "/v1/audits";
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final FakeOpenStack openStack = new FakeOpenStack();
    private final KeystoneGuard guard = new KeystoneGuard(
            new KeystoneTerms(
                    openStack.keystone(),
                    new OpenStackUser("watcher", "secret", "Default", "service", "Default"),
                    TIMEOUT,
                    Roles.DEFAULT,
                    Duration.ofMinutes(5)),
            Clock.systemUTC());

    @AfterEach
    void close() {
        openStack.close();
    }

    private void admit() {
        guard.admit("GET", PATH, "token-of-ann");
    }

    private void assertUnavailable() {
        assertThatThrownBy(this::admit)
                .isInstanceOfSatisfying(
                        ServiceRefusal.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageStartingWith("Keystone does not answer or reports an error");
    }

    private void knowsAnn(String role) {
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 200, openStack.token("ann", role));
    }

    @Test
    void aTokenWithAnAllowedRoleIsAdmittedAndOthersAreForbidden() {
        knowsAnn("admin");
        assertThatCode(this::admit).doesNotThrowAnyException();

        knowsAnn("reader");
        assertThatThrownBy(() -> guard.admit("GET", PATH, "another-token-of-ann"))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageStartingWith("Policy doesn't allow");
    }

    @Test
    void aTokenThatKeystoneDoesNotKnowIsUnauthenticated() {
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 404, "{\"error\": {\"code\": 404, \"message\": \"no\"}}");

        assertThatThrownBy(this::admit).isInstanceOf(Unauthenticated.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 500, 503})
    void aCallerIsNotBlamedIfKeystoneFailsToValidateItsToken(int status) {
        openStack.with(
                FakeOpenStack.VALIDATE_TOKEN,
                status,
                "{\"error\": {\"code\": %d, \"message\": \"no\"}}".formatted(status));

        assertUnavailable();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 500, 503})
    void aCallerIsNotBlamedIfTheServiceItselfGetsNoToken(int status) {
        knowsAnn("admin");
        openStack.with(
                FakeOpenStack.ISSUE_TOKEN,
                status,
                "{\"error\": {\"code\": %d, \"message\": \"no\"}}".formatted(status));

        assertUnavailable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Bad gateway</html>", "{\"token\": {\"user\"", "[]", "{}"})
    void aResponseThatIsNotKeystonesIsReportedAsUnavailable(String body) {
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 200, body);

        assertUnavailable();
    }

    @Test
    void aKeystoneThatIsTooSlowIsReportedAsUnavailable() {
        CountDownLatch never = new CountDownLatch(1);
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertUnavailable();
    }

    @Test
    void aFailureIsNotRemembered() {
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 500, "{}");
        assertUnavailable();

        knowsAnn("admin");
        assertThatCode(this::admit).doesNotThrowAnyException();
    }

    @Test
    void aKeystoneThatFailsAfterATokenWasValidatedIsNotNoticedWhileTheTokenIsCached() {
        knowsAnn("admin");
        admit();
        openStack.close();

        assertThatCode(this::admit).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"401, FORBIDDEN", "403, UNAVAILABLE", "500, UNAVAILABLE"})
    void aSignInIsRejectedOnlyIfKeystoneRejectsThePassword(int status, Kind expected) {
        openStack.with(
                FakeOpenStack.ISSUE_TOKEN,
                exchange -> FakeServer.send(exchange, status, "{\"error\": {\"code\": %d}}".formatted(status)));

        assertThatThrownBy(() -> guard.signIn(new Credentials("ann", "secret", "service", "Default")))
                .isInstanceOfSatisfying(
                        ServiceRefusal.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(expected));
    }
}
