package io.github.godwit.strategy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.FakeServer;
import io.github.godwit.nova.FakeOpenStack;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.access.AccessRules;
import io.github.godwit.strategy.access.Caller;
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

    private static final String LIST = "audit:get_all";
    private static final String ADDRESS = "192.0.2.1";
    private static final String TOKEN = "token-of-ann".repeat(3);
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final FakeOpenStack openStack = new FakeOpenStack();
    private final KeystoneGuard guard = new KeystoneGuard(
            new KeystoneTerms(
                    openStack.keystone(),
                    new OpenStackUser("watcher", "secret", "Default", "service", "Default"),
                    TIMEOUT,
                    AccessRules.SHIPPED,
                    Duration.ofMinutes(5)),
            Clock.systemUTC());

    @AfterEach
    void close() {
        openStack.close();
    }

    private void admit() {
        guard.require(guard.caller(TOKEN, ADDRESS), LIST);
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
        assertThatThrownBy(() -> guard.require(guard.caller("another-" + TOKEN, ADDRESS), LIST))
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
    void aCallerHasTheUserTheProjectAndTheRolesOfItsToken() {
        openStack.with(
                FakeOpenStack.VALIDATE_TOKEN,
                200,
                openStack
                        .token("ann", "admin")
                        .replace("\"roles\"", "\"project\": {\"id\": \"p7\", \"name\": \"service\"}, \"roles\""));
        Caller caller = guard.caller(TOKEN, ADDRESS);
        assertThat(caller.id()).isEqualTo("1");
        assertThat(caller.name()).isEqualTo("ann");
        assertThat(caller.project()).isEqualTo("p7");
        assertThat(caller.roles()).containsExactly("admin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "too-short-for-a-token",
                "has a blank and is otherwise long enough",
                "../users/../users/../users/../users/../users",
                "{\"token\": \"abcdefghijklmnopqrstuvwxyz\"}"
            })
    void keystoneIsNotAskedForWhatHasNoFormOfAToken(String token) {
        assertThatThrownBy(() -> guard.caller(token, ADDRESS)).isInstanceOf(Unauthenticated.class);
        assertThat(openStack.requests()).isEmpty();
    }

    @Test
    void anAddressWithTooManyInvalidTokensIsRefusedUnlessItsTokenIsKnown() {
        knowsAnn("admin");
        admit();
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 404, "{\"error\": {\"code\": 404, \"message\": \"no\"}}");
        for (int i = 0; i < 60; i++) {
            String guess = "guess-%030d".formatted(i);
            assertThatThrownBy(() -> guard.caller(guess, ADDRESS)).isInstanceOf(Unauthenticated.class);
        }
        int asked = openStack.requests().size();
        assertThatThrownBy(() -> guard.caller("guess-%030d".formatted(60), ADDRESS))
                .isInstanceOfSatisfying(
                        ServiceRefusal.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(Kind.BUSY));
        assertThat(openStack.requests()).hasSize(asked);
        assertThatCode(this::admit).doesNotThrowAnyException();
        assertThatThrownBy(() -> guard.caller("guess-%030d".formatted(61), "192.0.2.2"))
                .isInstanceOf(Unauthenticated.class);
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
